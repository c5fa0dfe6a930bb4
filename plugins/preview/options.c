/* Options: the table, and what is made of it. */
#include "options.h"

#include "core.h"

static const jm_option table[] = {
    {.name = "cache_mib",
     .type = JM_OPTION_INT,
     .default_json = "2048",
     .min = 1,
     .max = 1048576,
     .help = "Room on the disk for thumbnails, in MiB; those that were not asked for longest go."},
    {.name = "background",
     .type = JM_OPTION_INT,
     .default_json = "2",
     .min = 0,
     .max = 16,
     .help = "Imported photographs whose thumbnails are made at the same time before anybody asks; "
             "0: only on request."},
    {.name = "memory_mib",
     .type = JM_OPTION_INT,
     .default_json = "1024",
     .min = 256,
     .max = 65536,
     .help = "Memory that one photograph may take in a worker, in MiB, beside its file."},
    {.name = "wall_ms",
     .type = JM_OPTION_INT,
     .default_json = "60000",
     .min = 100,
     .max = 600000,
     .help = "Longest time that one photograph may take, in milliseconds."},
};

static int64_t read_int(struct preview_core *core, const char *name)
{
    int64_t value = 0;
    (void)core->config->get_int(core->host, name, &value);
    return value;
}

jm_status options_read(struct preview_core *core)
{
    jm_status status = core->config->declare(core->host, table, JM_COUNT(table));
    if (status < 0) {
        return status;
    }
    core->options = (struct preview_options){
        .cache_bytes = read_int(core, "cache_mib") << 20,
        .background = (uint32_t)read_int(core, "background"),
        .memory_mib = (uint32_t)read_int(core, "memory_mib"),
        .wall_ms = (uint32_t)read_int(core, "wall_ms"),
    };
    return JM_OK;
}
