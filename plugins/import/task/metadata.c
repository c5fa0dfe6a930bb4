/* The task `metadata`. Worker process only. */
#include "task/metadata.h"

#include "task/facts.h"
#include "task/format.h"
#include "task/sidecar.h"
#include "task/structure.h"

#include <gexiv2/gexiv2.h>
#include <jansson.h>
#include <junmai/sdk/span.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

jm_status metadata_setup(void)
{
    gexiv2_log_set_level(GEXIV2_LOG_LEVEL_MUTE);
    return gexiv2_initialize() ? JM_OK : JM_EUNSUPPORTED;
}

__attribute__((format(printf, 3, 4))) static jm_status fail(const jm_task_run *run,
                                                            jm_status status, const char *format,
                                                            ...)
{
    char sentence[256];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    run->fail(run, jm_span_of(sentence));
    return status;
}

static void put_warnings(json_t *facts, uint32_t warnings)
{
    json_t *names = json_array();
    for (uint32_t bit = 1; bit != 0 && bit <= warnings; bit <<= 1) {
        if ((warnings & bit) != 0) {
            json_array_append_new(names, json_string(warning_name(bit)));
        }
    }
    json_object_set_new(facts, "warnings", names);
}

/* Tags and size of a photograph that is known to be whole. */
static json_t *read_facts(const jm_task_run *run, const struct format *format, struct bytes file,
                          struct structure *structure)
{
    json_t *facts =
        json_pack("{s:{s:s, s:s}}", "metadata", "format", format->name, "mime", format->mime);
    GExiv2Metadata *metadata = gexiv2_metadata_new();
    if (gexiv2_metadata_open_buf(metadata, file.ptr, (glong)file.len, NULL)) {
        facts_read(metadata, facts, structure);
        structure->warnings |= gexiv2_metadata_has_exif(metadata) ? 0 : WARN_NO_EXIF;
    } else {
        structure->warnings |= WARN_METADATA_UNREADABLE;
        if (structure->width != 0 && structure->height != 0) {
            json_object_set_new(facts, "width", json_integer(structure->width));
            json_object_set_new(facts, "height", json_integer(structure->height));
        }
    }
    g_object_unref(metadata);
    if (run->fd_count == 2 && !sidecar_apply_file(run->fds[1], facts)) {
        structure->warnings |= WARN_SIDECAR_UNREADABLE;
    }
    put_warnings(facts, structure->warnings);
    return facts;
}

static jm_status read_photograph(const jm_task_run *run, struct bytes file, jm_span name)
{
    struct structure structure;
    const char *companion = format_companion(file, name);
    if (companion != NULL) {
        return fail(run, JM_EUNSUPPORTED, "this is %s, not a photograph", companion);
    }
    const struct format *format = format_detect(file, name);
    if (format == NULL) {
        return fail(run, JM_EUNSUPPORTED,
                    "this is no photograph: its first bytes are those of no known image format");
    }
    if (!structure_check(format, file, &structure)) {
        return fail(run, JM_EINVAL, "%s", structure.reason);
    }
    if (structure.is_dng) {
        format = format_named("dng");
    }
    if (format_name_mismatch(format, name)) {
        structure.warnings |= WARN_EXTENSION_MISMATCH;
    }
    json_t *facts = read_facts(run, format, file, &structure);
    char *text = facts == NULL ? NULL : json_dumps(facts, JSON_COMPACT);
    jm_status status = text == NULL ? fail(run, JM_ENOMEM, "out of memory while reading the tags")
                                    : run->result(run, jm_span_of(text));
    free(text);
    json_decref(facts);
    return status;
}

jm_status metadata_task(const jm_task_run *run)
{
    struct stat info;
    if (run->fd_count < 1 || run->fd_count > 2 || fstat(run->fds[0], &info) < 0 ||
        !S_ISREG(info.st_mode)) {
        return fail(
            run, JM_EINVAL,
            "the task needs a descriptor of a regular file, and may have one of its sidecar");
    }
    if (info.st_size == 0) {
        return fail(run, JM_EINVAL, "the file is empty");
    }
    json_t *request = json_loadb(run->request.ptr, run->request.len, 0, NULL);
    const json_t *name = json_object_get(request, "name");
    void *content = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, run->fds[0], 0);
    jm_status status;
    if (content == MAP_FAILED) {
        status = fail(run, JM_ENOMEM, "the file of %lld bytes does not fit into memory",
                      (long long)info.st_size);
    } else {
        struct bytes file = {content, (uint64_t)info.st_size};
        status = read_photograph(run, file, jm_span_of(json_string_value(name)));
        munmap(content, (size_t)info.st_size);
    }
    json_decref(request);
    return status;
}
