/* One list for each priority. [loop] */
#include "host/worker/waiting.h"

static void link_between(struct jmh_task_list *list, struct jmh_task *prev, struct jmh_task *task,
                         struct jmh_task *next)
{
    task->prev = prev;
    task->next = next;
    *(prev != NULL ? &prev->next : &list->first) = task;
    *(next != NULL ? &next->prev : &list->last) = task;
    list->count++;
}

void jmh_task_list_append(struct jmh_task_list *list, struct jmh_task *task)
{
    link_between(list, list->last, task, NULL);
}

void jmh_task_list_prepend(struct jmh_task_list *list, struct jmh_task *task)
{
    link_between(list, NULL, task, list->first);
}

void jmh_task_list_remove(struct jmh_task_list *list, struct jmh_task *task)
{
    *(task->prev != NULL ? &task->prev->next : &list->first) = task->next;
    *(task->next != NULL ? &task->next->prev : &list->last) = task->prev;
    task->prev = NULL;
    task->next = NULL;
    list->count--;
}

void jmh_waiting_add(struct jmh_waiting *waiting, struct jmh_task *task)
{
    jmh_task_list_append(&waiting->levels[task->priority], task);
    waiting->count++;
}

void jmh_waiting_put_back(struct jmh_waiting *waiting, struct jmh_task *task)
{
    jmh_task_list_prepend(&waiting->levels[task->priority], task);
    waiting->count++;
}

void jmh_waiting_remove(struct jmh_waiting *waiting, struct jmh_task *task)
{
    jmh_task_list_remove(&waiting->levels[task->priority], task);
    waiting->count--;
}

static struct jmh_task *first_at_or_below(const struct jmh_waiting *waiting, int32_t priority)
{
    for (; priority >= JM_TASK_BACKGROUND; priority--) {
        if (waiting->levels[priority].first != NULL) {
            return waiting->levels[priority].first;
        }
    }
    return NULL;
}

struct jmh_task *jmh_waiting_first(const struct jmh_waiting *waiting)
{
    return first_at_or_below(waiting, JM_TASK_URGENT);
}

struct jmh_task *jmh_waiting_next(const struct jmh_waiting *waiting, const struct jmh_task *task)
{
    return task->next != NULL ? task->next : first_at_or_below(waiting, task->priority - 1);
}
