/* The table of rules, and the walk over it.
 *
 * The sentences are those that clients know from JSON Schema validators, with values as such a
 * validator shows them: 'text', True, None. */
#include "rules.h"

#include <junmai/sdk/span.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define PATH_BYTES 128
#define VALUE_BYTES 80
#define DEPTH_NONE 99

enum kind { OBJECT, LIST, TEXT, INTEGER, NUMBER, SWITCH };

struct rule {
    const char *path; /* dots between keys; what holds a value comes before it */
    enum kind kind;
    double min, max;            /* of numbers */
    const char *const *choices; /* of texts; ends with NULL */
};

/* The first fault that is nearest to the root. */
struct fault {
    int depth;
    char sentence[RULES_SENTENCE_BYTES];
};

static const char *const versions[] = {"2.0", NULL};
static const char *const log_levels[] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", NULL};
static const char *const llm_providers[] = {"ollama", "lm_studio", "llama_cpp", NULL};
static const char *const cloud_providers[] = {"dropbox", "google_drive", "onedrive", "none", NULL};
static const char *const themes[] = {"light", "dark", "auto", NULL};
static const char *const languages[] = {"ja", "en", NULL};
static const char *const formats[] = {"JPEG", "PNG", "TIFF", "DNG", NULL};
static const char *const colour_spaces[] = {"sRGB", "AdobeRGB", "ProPhotoRGB", NULL};

#define ANY(at, its_kind)                \
    {                                    \
        .path = (at), .kind = (its_kind) \
    }
#define ONE_OF(at, list)                              \
    {                                                 \
        .path = (at), .kind = TEXT, .choices = (list) \
    }
#define FROM_TO(at, its_kind, low, high)                              \
    {                                                                 \
        .path = (at), .kind = (its_kind), .min = (low), .max = (high) \
    }

static const struct rule document_rules[] = {
    ONE_OF("version", versions),
    ANY("system", OBJECT),
    ANY("system.hot_folders", LIST),
    ANY("system.lightroom_catalog", TEXT),
    ANY("system.temp_folder", TEXT),
    ONE_OF("system.log_level", log_levels),
    ANY("ai", OBJECT),
    ONE_OF("ai.llm_provider", llm_providers),
    ANY("ai.llm_model", TEXT),
    ANY("ai.ollama_host", TEXT),
    FROM_TO("ai.gpu_memory_limit_mb", INTEGER, 1024, 24576),
    ANY("ai.enable_quantization", SWITCH),
    FROM_TO("ai.selection_threshold", NUMBER, 1, 5),
    ANY("processing", OBJECT),
    ANY("processing.auto_import", SWITCH),
    ANY("processing.auto_select", SWITCH),
    ANY("processing.auto_develop", SWITCH),
    ANY("processing.auto_export", SWITCH),
    FROM_TO("processing.max_concurrent_jobs", INTEGER, 1, 10),
    FROM_TO("processing.cpu_limit_percent", INTEGER, 10, 100),
    FROM_TO("processing.gpu_temp_limit_celsius", INTEGER, 60, 90),
    ANY("export", OBJECT),
    ANY("export.presets", LIST),
    ANY("export.cloud_sync", OBJECT),
    ANY("export.cloud_sync.enabled", SWITCH),
    ONE_OF("export.cloud_sync.provider", cloud_providers),
    ANY("export.cloud_sync.remote_path", TEXT),
    ANY("notifications", OBJECT),
    ANY("notifications.desktop", SWITCH),
    ANY("notifications.email", OBJECT),
    ANY("notifications.email.enabled", SWITCH),
    ANY("notifications.email.smtp_server", TEXT),
    FROM_TO("notifications.email.smtp_port", INTEGER, 1, 65535),
    ANY("notifications.email.use_tls", SWITCH),
    ANY("notifications.email.from_address", TEXT),
    ANY("notifications.email.to_address", TEXT),
    ANY("notifications.line", OBJECT),
    ANY("notifications.line.enabled", SWITCH),
    ANY("notifications.line.token", TEXT),
    ANY("ui", OBJECT),
    ONE_OF("ui.theme", themes),
    ONE_OF("ui.language", languages),
    ANY("ui.show_advanced_settings", SWITCH),
};

static const struct rule preset_rules[] = {
    ANY("name", TEXT),
    ANY("enabled", SWITCH),
    ONE_OF("format", formats),
    FROM_TO("quality", INTEGER, 1, 100),
    FROM_TO("max_dimension", INTEGER, 512, 8192),
    ONE_OF("color_space", colour_spaces),
    ANY("destination", TEXT),
};

static const char default_document[] =
    "{\"version\":\"2.0\","
    "\"system\":{\"hot_folders\":[],\"lightroom_catalog\":\"\",\"temp_folder\":\"\","
    "\"log_level\":\"INFO\"},"
    "\"ai\":{\"llm_provider\":\"ollama\",\"llm_model\":\"llama3.1:8b-instruct\","
    "\"ollama_host\":\"http://localhost:11434\",\"gpu_memory_limit_mb\":6144,"
    "\"enable_quantization\":false,\"selection_threshold\":3.5},"
    "\"processing\":{\"auto_import\":true,\"auto_select\":true,\"auto_develop\":true,"
    "\"auto_export\":false,\"max_concurrent_jobs\":3,\"cpu_limit_percent\":80,"
    "\"gpu_temp_limit_celsius\":75},"
    "\"export\":{\"presets\":[],\"cloud_sync\":{\"enabled\":false,\"provider\":\"none\","
    "\"remote_path\":\"/Photos/Processed\"}},"
    "\"notifications\":{\"desktop\":true,\"email\":{\"enabled\":false,"
    "\"smtp_server\":\"smtp.gmail.com\",\"smtp_port\":587,\"use_tls\":true,\"from_address\":\"\","
    "\"to_address\":\"\"},\"line\":{\"enabled\":false,\"token\":\"\"}},"
    "\"ui\":{\"theme\":\"dark\",\"language\":\"ja\",\"show_advanced_settings\":false}}";

json_t *rules_default(void)
{
    return json_loadb(default_document, sizeof default_document - 1, 0, NULL);
}

static int depth_of(const char *path)
{
    int depth = path[0] != '\0';
    for (; *path != '\0'; path++)
        depth += *path == '.';
    return depth;
}

__attribute__((format(printf, 3, 4))) static void blame(struct fault *fault, const char *path,
                                                        const char *format, ...)
{
    char what[RULES_SENTENCE_BYTES - PATH_BYTES - 32];
    int depth = depth_of(path);
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (depth >= fault->depth)
        return;
    fault->depth = depth;
    snprintf(fault->sentence, sizeof fault->sentence, "Validation failed at '%.*s': %s",
             PATH_BYTES - 1, depth == 0 ? "root" : path, what);
}

static void show(const json_t *value, char text_out[VALUE_BYTES])
{
    if (json_is_string(value)) {
        jm_span text = {json_string_value(value), json_string_length(value)};
        text = jm_span_cut(text, VALUE_BYTES - 8);
        snprintf(text_out, VALUE_BYTES, "'%.*s'", (int)text.len, text.ptr);
    } else if (json_is_boolean(value) || json_is_null(value)) {
        snprintf(text_out, VALUE_BYTES, "%s",
                 json_is_null(value)   ? "None"
                 : json_is_true(value) ? "True"
                                       : "False");
    } else if (json_is_integer(value)) {
        snprintf(text_out, VALUE_BYTES, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        snprintf(text_out, VALUE_BYTES, "%.15g", json_real_value(value));
    } else {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
        snprintf(text_out, VALUE_BYTES, "%.*s", VALUE_BYTES - 8, text == NULL ? "" : text);
        free(text);
    }
}

static bool is_of_kind(const json_t *value, enum kind kind)
{
    switch (kind) {
    case OBJECT:
        return json_is_object(value);
    case LIST:
        return json_is_array(value);
    case TEXT:
        return json_is_string(value);
    case SWITCH:
        return json_is_boolean(value);
    case NUMBER:
        return json_is_number(value);
    default: /* 3.0 is an integer too */
        return json_is_integer(value) ||
               (json_is_real(value) && json_real_value(value) == trunc(json_real_value(value)));
    }
}

static const char *name_of_kind(enum kind kind)
{
    static const char *const names[] = {"object",  "array",  "string",
                                        "integer", "number", "boolean"};
    return names[kind];
}

static void check_choice(const struct rule *rule, const char *path, const json_t *value,
                         struct fault *fault)
{
    char shown[VALUE_BYTES];
    char list[VALUE_BYTES];
    size_t used = 0;
    for (const char *const *choice = rule->choices; *choice != NULL; choice++) {
        if (strcmp(*choice, json_string_value(value)) == 0)
            return;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s'%s'", used > 0 ? ", " : "",
                                 *choice);
    }
    show(value, shown);
    if (rule->choices[1] == NULL)
        blame(fault, path, "%s was expected", list);
    else
        blame(fault, path, "%s is not one of [%s]", shown, list);
}

static void check_value(const struct rule *rule, const char *path, const json_t *value,
                        struct fault *fault)
{
    char shown[VALUE_BYTES];
    show(value, shown);
    if (!is_of_kind(value, rule->kind))
        blame(fault, path, "%s is not of type '%s'", shown, name_of_kind(rule->kind));
    else if (rule->choices != NULL)
        check_choice(rule, path, value, fault);
    else if (rule->kind != INTEGER && rule->kind != NUMBER)
        return;
    else if (json_number_value(value) < rule->min)
        blame(fault, path, "%s is less than the minimum of %g", shown, rule->min);
    else if (json_number_value(value) > rule->max)
        blame(fault, path, "%s is greater than the maximum of %g", shown, rule->max);
}

/* PREFIX.PATH, of which either may be empty. */
static void join(const char *prefix, const char *path, size_t path_len, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s%s%.*s", prefix, prefix[0] != '\0' && path_len > 0 ? "." : "",
             (int)path_len, path);
}

/* What holds the rule's value, and its key there. NULL where that is missing, which is the fault of
 * an earlier rule. */
static const json_t *holder_of(const json_t *root, const struct rule *rule, const char **key_out)
{
    const char *at = rule->path;
    const char *dot;
    while (root != NULL && (dot = strchr(at, '.')) != NULL) {
        root = json_object_getn(root, at, (size_t)(dot - at));
        at = dot + 1;
    }
    *key_out = at;
    return json_is_object(root) ? root : NULL;
}

static void check_rules(const struct rule *rules, size_t count, const char *prefix,
                        const json_t *root, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        char path[PATH_BYTES];
        const char *key;
        const json_t *holder = holder_of(root, &rules[i], &key);
        const json_t *value = json_object_get(holder, key);
        if (holder == NULL)
            continue;
        if (value == NULL) {
            size_t length = (size_t)(key - rules[i].path);
            join(prefix, rules[i].path, length > 0 ? length - 1 : 0, path);
            blame(fault, path, "'%s' is a required property", key);
        } else {
            join(prefix, rules[i].path, strlen(rules[i].path), path);
            check_value(&rules[i], path, value, fault);
        }
    }
}

static void check_hot_folders(const json_t *document, struct fault *fault)
{
    static const struct rule rule = ANY("", TEXT);
    const json_t *folders = json_object_get(json_object_get(document, "system"), "hot_folders");
    for (size_t i = 0; i < json_array_size(folders); i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "system.hot_folders.%zu", i);
        check_value(&rule, path, json_array_get(folders, i), fault);
    }
}

static void check_presets(const json_t *document, struct fault *fault)
{
    static const struct rule rule = ANY("", OBJECT);
    const json_t *presets = json_object_get(json_object_get(document, "export"), "presets");
    for (size_t i = 0; i < json_array_size(presets); i++) {
        const json_t *preset = json_array_get(presets, i);
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "export.presets.%zu", i);
        check_value(&rule, path, preset, fault);
        check_rules(preset_rules, JM_COUNT(preset_rules), path, preset, fault);
    }
}

bool rules_check(const json_t *document, char sentence_out[RULES_SENTENCE_BYTES])
{
    static const struct rule root = ANY("", OBJECT);
    struct fault fault = {.depth = DEPTH_NONE};
    check_value(&root, "", document, &fault);
    check_rules(document_rules, JM_COUNT(document_rules), "", document, &fault);
    check_hot_folders(document, &fault);
    check_presets(document, &fault);
    memcpy(sentence_out, fault.sentence, sizeof fault.sentence);
    return fault.depth == DEPTH_NONE;
}
