/* The steps of the task `thumbnail`. Worker process only. */
#include "task/thumbnail.h"

#include "task/colour.h"
#include "task/embedded.h"
#include "task/raw.h"

#include <jansson.h>
#include <junmai/sdk/span.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define JPEG_QUALITY 85

struct request {
    int edges[THUMBNAIL_SIZES_MAX]; /* growing */
    size_t count;
};

jm_status thumbnail_setup(void)
{
    /* The libraries' helper threads would each reserve an arena out of the task's memory. */
    mallopt(M_ARENA_MAX, 1);
    jm_status status = embedded_setup();
    if (status == JM_OK) {
        status = picture_setup();
    }
    raw_setup();
    colour_setup();
    return status;
}

static void read_request(const jm_task_run *run, struct request *request, struct fault *fault)
{
    json_t *json = json_loadb(run->request.ptr, run->request.len, 0, NULL);
    const json_t *sizes = json_object_get(json, "sizes");
    request->count = json_array_size(sizes);
    bool good = request->count > 0 && request->count <= THUMBNAIL_SIZES_MAX &&
                run->fd_count == request->count + 1;
    json_int_t before = 0;
    for (size_t i = 0; good && i < request->count; i++) {
        json_int_t edge = json_integer_value(json_array_get(sizes, i));
        good = edge > before && edge <= THUMBNAIL_EDGE_MAX;
        request->edges[i] = (int)edge;
        before = edge;
    }
    if (!good) {
        fault_set(fault, JM_EINVAL,
                  "the task needs \"sizes\", 1 to %d growing integers up to %d, the descriptor of "
                  "the photograph, and one for each size",
                  THUMBNAIL_SIZES_MAX, THUMBNAIL_EDGE_MAX);
    }
    json_decref(json);
}

/* What all sizes are made of. */
struct master {
    VipsImage *image;
    enum kind kind;
    bool decoded; /* of a raw file: from its pixels, not from its preview */
};

static void open_master(int fd, int edge, struct master *master, struct fault *fault)
{
    static const struct picture_hints none = {0};
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0) {
        fault_set(fault, JM_EINVAL, "the file is empty, or no regular file");
        return;
    }
    size_t len = (size_t)info.st_size;
    void *content = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (content == MAP_FAILED) {
        fault_set(fault, JM_ENOMEM, "the file of %zu bytes does not fit into memory", len);
        return;
    }
    struct bytes file = {content, len};
    master->kind = kind_detect(file);
    if (master->kind == KIND_RAW) {
        master->image = raw_open(file, edge, &master->decoded, fault);
    }
    munmap(content, len);
    if (master->kind == KIND_UNKNOWN) {
        fault_set(fault, JM_EUNSUPPORTED,
                  "no reader knows this kind of file: its first bytes are those of no image that "
                  "can be shown");
    } else if (master->kind != KIND_RAW) {
        master->decoded = true;
        VipsSource *source =
            lseek(fd, 0, SEEK_SET) == 0 ? vips_source_new_from_descriptor(fd) : NULL;
        if (source == NULL) {
            fault_set_vips(fault, "the file cannot be read");
        } else {
            master->image = picture_open(source, master->kind, &none, edge, fault);
            g_object_unref(source);
        }
    }
}

/* Write one size; what an earlier attempt has left in the output goes. */
static json_t *write_output(VipsImage *master, int edge, int fd, struct fault *fault)
{
    VipsImage *small = NULL;
    VipsTarget *target = NULL;
    json_t *output = NULL;
    struct stat info = {0};
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        fault_set(fault, JM_EIO, "the output cannot be written");
    } else if (vips_thumbnail_image(master, &small, edge, "height", edge, "size", VIPS_SIZE_DOWN,
                                    NULL) != 0) {
        fault_set_vips(fault, "the picture cannot be made smaller");
    } else if ((target = vips_target_new_to_descriptor(fd)) == NULL ||
               vips_jpegsave_target(small, target, "Q", JPEG_QUALITY, "strip", TRUE, NULL) != 0 ||
               fstat(fd, &info) != 0) {
        fault_set(fault, JM_EIO, "the output cannot be written: %.100s", vips_error_buffer());
        vips_error_clear();
    } else {
        output = json_pack("{s:i, s:i, s:I}", "width", small->Xsize, "height", small->Ysize,
                           "bytes", (json_int_t)info.st_size);
    }
    g_clear_object(&target);
    g_clear_object(&small);
    return output;
}

static json_t *write_outputs(const jm_task_run *run, const struct request *request,
                             VipsImage *master, struct fault *fault)
{
    json_t *outputs = json_array();
    for (size_t i = 0; i < request->count && fault->status == JM_OK; i++) {
        json_t *output = write_output(master, request->edges[i], run->fds[i + 1], fault);
        if (output != NULL) {
            json_array_append_new(outputs, output);
        }
        if (run->cancelled(run)) {
            fault_set(fault, JM_ECANCELLED, "cancelled");
        }
    }
    return outputs;
}

static void tell_result(const jm_task_run *run, const struct master *master, json_t *outputs_take,
                        struct fault *fault)
{
    json_t *json = json_pack("{s:s, s:b, s:o}", "kind", kind_name(master->kind), "decoded",
                             master->decoded, "outputs", outputs_take);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    if (text == NULL || run->result(run, jm_span_of(text)) != JM_OK) {
        fault_set(fault, JM_ENOMEM, "out of memory for the result");
    }
    free(text);
    json_decref(json);
}

jm_status thumbnail_task(const jm_task_run *run)
{
    struct request request;
    struct fault fault = {0};
    struct master master = {0};
    run->progress(run, 0, (jm_span){NULL, 0});
    read_request(run, &request, &fault);
    if (fault.status == JM_OK) {
        open_master(run->fds[0], request.edges[request.count - 1], &master, &fault);
    }
    /* A raw file may have a preview although its pixels cannot be decoded. */
    if (master.image != NULL) {
        fault = (struct fault){0};
        json_t *outputs = write_outputs(run, &request, master.image, &fault);
        if (fault.status == JM_OK) {
            tell_result(run, &master, outputs, &fault);
        } else {
            json_decref(outputs);
        }
        g_object_unref(master.image);
    }
    if (fault.status != JM_OK) {
        run->fail(run, jm_span_of(fault.text));
    }
    vips_error_clear();
    return fault.status;
}
