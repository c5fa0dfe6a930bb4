/* What is answered later: from a timer, from the pool, from a watch. [loop] */
#include "everything.h"

#include <semaphore.h>
#include <unistd.h>

/* A request on its way; the pool counts for it. */
struct errand {
    jm_id request;
    int64_t sum;
};

static struct errand *errand_new(jm_id request)
{
    struct errand *errand = calloc(1, sizeof *errand);
    if (errand != NULL)
        errand->request = request;
    return errand;
}

static jm_status answer_errand(struct errand *errand_take, const char *from)
{
    jm_status status =
        everything_answer(errand_take->request, 200, "{\"from\":\"%s\",\"sum\":%lld}", from,
                          (long long)errand_take->sum);
    free(errand_take);
    return status == JM_EGONE ? JM_OK : status; /* the client has left: nobody waits */
}

static jm_status on_timer(void *user, jm_id timer)
{
    (void)timer;
    return answer_errand(user, "timer");
}

jm_status everything_later(void *user, const jm_request *request)
{
    (void)user;
    struct errand *errand = errand_new(request->id);
    jm_id timer;
    if (errand == NULL)
        return JM_ENOMEM;
    jm_status status =
        everything.timer->start(everything.host, "an answer", 5, 0, on_timer, errand, &timer);
    if (status < 0)
        free(errand);
    return status;
}

jm_status everything_never(void *user, const jm_request *request)
{
    (void)user, (void)request;
    return JM_OK;
}

static jm_status add_up(void *user)
{
    struct errand *errand = user;
    for (int64_t i = 1; i <= 1000; i++)
        errand->sum += i;
    everything.log->write(everything.host, JM_LOG_DEBUG, JM_SPAN("added up"));
    return JM_OK;
}

static jm_status on_added(void *user, jm_id work, jm_status status)
{
    (void)work;
    struct errand *errand = user;
    if (status < 0)
        errand->sum = -1;
    return answer_errand(errand, "work");
}

jm_status everything_work(void *user, const jm_request *request)
{
    (void)user;
    struct errand *errand = errand_new(request->id);
    jm_id work;
    if (errand == NULL)
        return JM_ENOMEM;
    jm_status status =
        everything.work->submit(everything.host, "add up", add_up, on_added, errand, &work);
    if (status < 0)
        free(errand);
    return status;
}

/* More work than the pool has threads, so that some of it has not begun. */
#define CROWD 64

static struct crowd {
    jm_id request;
    sem_t begun, release;
    int ended, ran, taken_back;
} crowd;

static jm_status wait_in_line(void *user)
{
    (void)user;
    sem_post(&crowd.begun);
    sem_wait(&crowd.release);
    return JM_OK;
}

static jm_status on_waited(void *user, jm_id work, jm_status status)
{
    (void)user, (void)work;
    crowd.ran += status == JM_OK;
    crowd.taken_back += status == JM_ECANCELLED;
    if (++crowd.ended < CROWD)
        return JM_OK;
    sem_destroy(&crowd.begun);
    sem_destroy(&crowd.release);
    status = everything_answer(crowd.request, 200, "{\"ran\":%d,\"taken_back\":%d}", crowd.ran,
                               crowd.taken_back);
    return status == JM_EGONE ? JM_OK : status;
}

jm_status everything_cancel_work(void *user, const jm_request *request)
{
    (void)user;
    jm_id works[CROWD];
    crowd = (struct crowd){.request = request->id};
    sem_init(&crowd.begun, 0, 0);
    sem_init(&crowd.release, 0, 0);
    for (size_t i = 0; i < CROWD; i++) {
        jm_status status = everything.work->submit(everything.host, "wait in line", wait_in_line,
                                                   on_waited, NULL, &works[i]);
        if (status < 0)
            return status;
    }
    sem_wait(&crowd.begun);
    for (size_t i = CROWD; i > 0; i--)
        (void)everything.work->cancel(everything.host, works[i - 1]);
    for (size_t i = 0; i < CROWD; i++)
        sem_post(&crowd.release);
    return JM_OK;
}

jm_status everything_pipe(void *user, const jm_request *request)
{
    (void)user;
    if (everything.reader != 0)
        return jm_fail(everything.error, everything.host, JM_EBUSY, "the pipe is in use");
    if (write(everything.pipe[1], "x", 1) != 1)
        return JM_EIO;
    everything.reader = request->id;
    return JM_OK;
}

jm_status everything_readable(void *user, jm_id watch, uint32_t events, jm_status status)
{
    (void)user, (void)watch;
    char byte = '?';
    if (status < 0)
        return status;
    if ((events & JM_FD_READABLE) != 0 && read(everything.pipe[0], &byte, 1) != 1)
        return JM_EIO;
    jm_id reader = everything.reader;
    everything.reader = 0;
    status = everything_answer(reader, 200, "{\"from\":\"watch\",\"byte\":\"%c\"}", byte);
    return status == JM_EGONE ? JM_OK : status;
}
