/* Options: the table, and what is made of it. */
#include "core.h"

static const jm_option table[] = {
    {.name = "disk_paths",
     .type = JM_OPTION_LIST,
     .default_json = "[]",
     .help = "Folders whose disks are watched beside the data directory's, at most 15: name the "
             "library where it is elsewhere."},
    {.name = "disk_limit_percent",
     .type = JM_OPTION_NUMBER,
     .default_json = "90",
     .min = 1,
     .max = 100,
     .help = "How full a disk may be before there is a warning, in percent."},
    {.name = "disk_critical_percent",
     .type = JM_OPTION_NUMBER,
     .default_json = "97",
     .min = 1,
     .max = 100,
     .help = "How full a disk may be before there is a second warning, in percent."},
    {.name = "warning_margin",
     .type = JM_OPTION_NUMBER,
     .default_json = "5",
     .min = 0,
     .max = 50,
     .help = "How far a value must fall below its limit before it may warn again, in percent or "
             "degrees."},
    {.name = "log_max_rows",
     .type = JM_OPTION_INT,
     .default_json = "10000",
     .min = 100,
     .max = 100000,
     .help = "Lines that each category of the logs keeps; the oldest go."},
    {.name = "performance_every_s",
     .type = JM_OPTION_INT,
     .default_json = "60",
     .min = 1,
     .max = 86400,
     .help = "How often a sample of the machine's load becomes a line of the performance log, in "
             "seconds."},
};

static int64_t read_int(const struct system_core *core, const char *name)
{
    int64_t value = 0;
    (void)core->api.config->get_int(core->host, name, &value);
    return value;
}

static double read_number(const struct system_core *core, const char *name)
{
    double value = 0;
    (void)core->api.config->get_number(core->host, name, &value);
    return value;
}

static void read_paths(struct system_core *core)
{
    struct system_options *options = &core->options;
    jm_span path;
    options->disk_paths[options->disk_path_count++] = core->api.config->data_dir(core->host).ptr;
    for (size_t i = 0; options->disk_path_count < OPTIONS_PATHS_MAX &&
                       core->api.config->get_item(core->host, "disk_paths", i, &path) == JM_OK;
         i++)
        options->disk_paths[options->disk_path_count++] = path.ptr;
}

jm_status options_read(struct system_core *core)
{
    jm_status status = core->api.config->declare(core->host, table, JM_COUNT(table));
    if (status < 0)
        return status;
    core->options = (struct system_options){
        .disk_limit_percent = read_number(core, "disk_limit_percent"),
        .disk_critical_percent = read_number(core, "disk_critical_percent"),
        .warning_margin = read_number(core, "warning_margin"),
        .log_max_rows = read_int(core, "log_max_rows"),
        .performance_every_ms = read_int(core, "performance_every_s") * 1000,
    };
    read_paths(core);
    return JM_OK;
}
