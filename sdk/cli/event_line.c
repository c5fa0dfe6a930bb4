/* Events on lines; see event_line.h. */
#include "event_line.h"

#include "json.h"
#include "text.h"

#include <junmai/sdk/span.h>
#include <junmai/sdk/utc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHANNEL_COLUMNS 8
#define TYPE_COLUMNS 16

#define DIM "\033[2m"
#define CYAN "\033[36m"
#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define PLAIN "\033[0m"

/* A word in a column of its own. */
static void print_word(FILE *out, const char *word, size_t columns, const char *colour)
{
    const size_t width = jmc_text_width(word);
    fputs(colour, out);
    jmc_text_print(out, word, strlen(word));
    fputs(colour[0] != '\0' ? PLAIN : "", out);
    fprintf(out, "%*s", width < columns ? (int)(columns - width) : 0, "");
}

static void print_time(FILE *out, const char *timestamp, bool is_colourful)
{
    int64_t utc_ms;
    struct tm local;
    char clock[32] = "--:--:--.---";
    if (jm_utc_parse(jm_span_of(timestamp), &utc_ms) && utc_ms >= 0) {
        const time_t seconds = (time_t)(utc_ms / 1000);
        (void)localtime_r(&seconds, &local);
        (void)snprintf(clock, sizeof clock, "%02d:%02d:%02d.%03d", local.tm_hour, local.tm_min,
                       local.tm_sec, (int)(utc_ms % 1000));
    }
    fprintf(out, "%s%s%s ", is_colourful ? DIM : "", clock, is_colourful ? PLAIN : "");
}

static bool is_in_envelope(const char *key)
{
    static const char *const keys[] = {"type", "timestamp", "channel", "seq"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void print_field(FILE *out, const char *key, const json_t *value, bool is_colourful)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    fputs(is_colourful ? " " DIM : " ", out);
    jmc_text_print(out, key, strlen(key));
    fputs(is_colourful ? "=" PLAIN : "=", out);
    if (text != NULL) {
        jmc_text_print(out, text, strlen(text));
    }
    free(text);
}

/* Whether it tells of something that went wrong. */
static bool is_bad(const char *type)
{
    const char *last = strrchr(type, '_');
    return strcmp(type, "error_occurred") == 0 || strcmp(type, "resource_warning") == 0 ||
           (last != NULL && strcmp(last, "_failed") == 0);
}

void jmc_event_line(FILE *out, const json_t *event, bool is_colourful)
{
    const char *channel = jmc_json_text(event, "channel");
    const char *type = jmc_json_text(event, "type");
    const char *type_colour = is_bad(type) ? RED : BOLD;
    const char *key;
    json_t *value;
    print_time(out, jmc_json_text(event, "timestamp"), is_colourful);
    print_word(out, channel[0] != '\0' ? channel : "*", CHANNEL_COLUMNS, is_colourful ? CYAN : "");
    fputc(' ', out);
    print_word(out, type, TYPE_COLUMNS, is_colourful ? type_colour : "");
    json_object_foreach((json_t *)event, key, value)
    {
        if (!is_in_envelope(key)) {
            print_field(out, key, value, is_colourful);
        }
    }
    fputc('\n', out);
}
