/* The schema as tables. Members that it does not name are allowed. */
#include "dev_config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PATH_BYTES 128
#define PIPELINE_MAX 1000

enum kind { TEXT, SWITCH, OBJECT, LIST };

struct member {
    const char *name;
    enum kind kind;
    bool required;
    const char *const *choices; /* of a text, ended by NULL; NULL: any */
};

static const char *const versions[] = {"1.0", NULL};
static const char *const stages[] = {"base",        "toneCurve", "HSL",    "detail", "effects",
                                     "calibration", "local",     "preset", NULL};
static const char *const scopes[] = {"selected", "collection", "smartCollection",
                                     "folder",   "all",        NULL};

static const struct member root_members[] = {
    {"version", TEXT, true, versions}, {"pipeline", LIST, true, NULL},
    {"safety", OBJECT, true, NULL},    {"target", OBJECT, false, NULL},
    {"export", OBJECT, false, NULL},   {NULL, TEXT, false, NULL}};
static const struct member stage_members[] = {{"stage", TEXT, true, stages},
                                              {"settings", OBJECT, false, NULL},
                                              {"rgb", LIST, false, NULL},
                                              {"hue", OBJECT, false, NULL},
                                              {"sat", OBJECT, false, NULL},
                                              {"lum", OBJECT, false, NULL},
                                              {"sharpen", OBJECT, false, NULL},
                                              {"nr", OBJECT, false, NULL},
                                              {"grain", OBJECT, false, NULL},
                                              {"vignette", OBJECT, false, NULL},
                                              {"redPrimary", OBJECT, false, NULL},
                                              {"greenPrimary", OBJECT, false, NULL},
                                              {"bluePrimary", OBJECT, false, NULL},
                                              {"brushes", LIST, false, NULL},
                                              {"apply", LIST, false, NULL},
                                              {"blend", OBJECT, false, NULL},
                                              {NULL, TEXT, false, NULL}};
static const struct member safety_members[] = {
    {"snapshot", SWITCH, true, NULL}, {"dryRun", SWITCH, true, NULL}, {NULL, TEXT, false, NULL}};
static const struct member target_members[] = {{"scope", TEXT, true, scopes},
                                               {"identifier", TEXT, false, NULL},
                                               {"createVirtualCopy", SWITCH, false, NULL},
                                               {NULL, TEXT, false, NULL}};
static const struct member export_members[] = {{"enable", SWITCH, true, NULL},
                                               {"preset", TEXT, false, NULL},
                                               {"dest", TEXT, false, NULL},
                                               {NULL, TEXT, false, NULL}};

static void add_fault(json_t *faults, const char *path, const char *rule)
{
    if (json_array_size(faults) < LR_FAULTS_MAX)
        json_array_append_new(faults, json_sprintf("%s: %s", path, rule));
}

static bool is_kind(const json_t *value, enum kind kind)
{
    switch (kind) {
    case TEXT:
        return json_is_string(value);
    case SWITCH:
        return json_is_boolean(value);
    case OBJECT:
        return json_is_object(value);
    default:
        return json_is_array(value);
    }
}

static void check_choice(json_t *faults, const char *path, const json_t *value,
                         const char *const *choices)
{
    char rule[256] = "must be one of";
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(json_string_value(value), choices[i]) == 0)
            return;
        size_t used = strlen(rule);
        snprintf(rule + used, sizeof rule - used, "%s %s", i > 0 ? "," : "", choices[i]);
    }
    add_fault(faults, path, rule);
}

static void check_members(json_t *faults, const char *prefix, const json_t *object,
                          const struct member *members)
{
    static const char *const rules[] = {"must be a text", "must be true or false",
                                        "must be an object", "must be a list"};
    for (; members->name != NULL; members++) {
        char path[PATH_BYTES];
        const json_t *value = json_object_get(object, members->name);
        snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", members->name);
        if (value == NULL && members->required)
            add_fault(faults, path, "is required");
        else if (value != NULL && !is_kind(value, members->kind))
            add_fault(faults, path, rules[members->kind]);
        else if (value != NULL && members->choices != NULL)
            check_choice(faults, path, value, members->choices);
    }
}

static void check_pipeline(json_t *faults, const json_t *pipeline)
{
    size_t i;
    const json_t *stage;
    if (json_array_size(pipeline) > PIPELINE_MAX) {
        add_fault(faults, "pipeline", "has more than 1000 stages");
        return;
    }
    json_array_foreach(pipeline, i, stage)
    {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "pipeline[%zu]", i);
        if (json_is_object(stage))
            check_members(faults, path, stage, stage_members);
        else
            add_fault(faults, path, "must be an object");
    }
}

/* Of a part that is missing or no object, the root's members tell. */
static void check_part(json_t *faults, const char *name, const json_t *config,
                       const struct member *members)
{
    const json_t *part = json_object_get(config, name);
    if (json_is_object(part))
        check_members(faults, name, part, members);
}

json_t *lr_dev_config_faults(const json_t *config)
{
    json_t *faults = json_array();
    if (!json_is_object(config)) {
        add_fault(faults, "config", "must be an object");
        return faults;
    }
    check_members(faults, "", config, root_members);
    check_pipeline(faults, json_object_get(config, "pipeline"));
    check_part(faults, "safety", config, safety_members);
    check_part(faults, "target", config, target_members);
    check_part(faults, "export", config, export_members);
    return faults;
}
