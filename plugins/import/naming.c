/* Names and folders of the library. Pure. [any] */
#include "naming.h"

#include <junmai/sdk/path.h>
#include <junmai/sdk/utc.h>

/* Where the extension begins; the end where there is none. A leading dot begins no extension. */
static size_t stem_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);
}

/* stem + suffix + extension, the stem cut where the whole would be too long. */
static void join(jm_span stem, const char *suffix, const char *extension, char name_out[NAME_BYTES])
{
    jm_span tail = jm_span_cut(jm_span_of(extension), 32);
    stem = jm_span_cut(stem, NAME_MAX - strlen(suffix) - tail.len);
    snprintf(name_out, NAME_BYTES, "%.*s%s%.*s", (int)stem.len, stem.ptr, suffix, (int)tail.len,
             tail.ptr);
}

void name_from_path(const char *path, char name_out[NAME_BYTES])
{
    const char *slash = strrchr(path, '/');
    char *text = jm_path_text(jm_span_of(slash == NULL ? path : slash + 1));
    const char *name = text == NULL ? "photograph" : text;
    size_t stem = stem_length(name);
    join((jm_span){name, stem}, "", name + stem, name_out);
    free(text);
}

void name_numbered(const char *name, unsigned number, char name_out[NAME_BYTES])
{
    char suffix[16] = "";
    if (number > 0) {
        snprintf(suffix, sizeof suffix, "_%u", number);
    }
    size_t stem = stem_length(name);
    join((jm_span){name, stem}, suffix, name + stem, name_out);
}

/* Midnight of the day; false where it is no date. */
static bool parse_day(jm_span date, int64_t *ms_out)
{
    char text[32];
    if (date.len != 10) {
        return false;
    }
    snprintf(text, sizeof text, "%.10sT00:00:00Z", date.ptr);
    return jm_utc_parse(jm_span_of(text), ms_out);
}

bool folder_of_day(jm_span date, int64_t now_ms, char folder_out[FOLDER_BYTES])
{
    char day[JM_UTC_BYTES];
    int64_t ms;
    bool plausible = parse_day(date, &ms) && ms >= 0 && ms <= now_ms + JM_DAY_MS;
    jm_utc_format(plausible ? ms : now_ms, day);
    snprintf(folder_out, FOLDER_BYTES, "%.4s/%.10s", day, day);
    return plausible;
}
