/* Tags to JSON. Worker process only. */
#include "task/facts.h"

#include "task/capture_time.h"
#include "task/gps.h"
#include "task/rational.h"
#include "task/tags.h"

#include <math.h>

#define SOURCES_MAX 5
#define KEYWORDS_MAX 256

struct text_fact {
    const char *key;
    const char *tags[SOURCES_MAX]; /* the most trusted first, NULL at the end */
};

static const struct text_fact camera_facts[] = {
    {"camera_make", {"Exif.Image.Make", "Xmp.tiff.Make"}},
    {"camera_model", {"Exif.Image.Model", "Xmp.tiff.Model"}},
    {"lens", {"Exif.Photo.LensModel", "Xmp.exifEX.LensModel", "Xmp.aux.Lens"}},
};

static const struct text_fact description_facts[] = {
    {"label", {"Xmp.xmp.Label"}},
    {"title", {"Xmp.dc.title", "Iptc.Application2.ObjectName", "Iptc.Application2.Headline"}},
    {"caption", {"Xmp.dc.description", "Iptc.Application2.Caption", "Exif.Image.ImageDescription"}},
    {"creator", {"Xmp.dc.creator", "Iptc.Application2.Byline", "Exif.Image.Artist"}},
    {"copyright", {"Xmp.dc.rights", "Iptc.Application2.Copyright", "Exif.Image.Copyright"}},
};

static const char *const keyword_tags[] = {"Xmp.dc.subject", "Iptc.Application2.Keywords"};

/* XMP's texts in several languages come as `lang="x-default" Words`. */
static const char *without_language(const char *text)
{
    const char *end = strncmp(text, "lang=\"", 6) == 0 ? strstr(text, "\" ") : NULL;
    return end == NULL ? text : end + 2;
}

static void put_texts(GExiv2Metadata *metadata, json_t *into, const struct text_fact *facts,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *text = tag_first_text(metadata, facts[i].tags);
        if (text != NULL) {
            json_object_set_new(into, facts[i].key, json_string(without_language(text)));
        }
        g_free(text);
    }
}

static bool holds_text(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (strcmp(json_string_value(json_array_get(array, i)), text) == 0) {
            return true;
        }
    }
    return false;
}

/* The same keywords usually stand in XMP and in IPTC: each once. */
static void put_keywords(GExiv2Metadata *metadata, json_t *into)
{
    json_t *keywords = json_array();
    for (size_t i = 0; i < sizeof keyword_tags / sizeof keyword_tags[0]; i++) {
        char **values = tag_texts(metadata, keyword_tags[i]);
        for (char **value = values; value != NULL && *value != NULL; value++) {
            char *word = text_clean(*value);
            bool room = json_array_size(keywords) < KEYWORDS_MAX;
            if (word != NULL && room && !holds_text(keywords, word)) {
                json_array_append_new(keywords, json_string(word));
            }
            g_free(word);
        }
        g_strfreev(values);
    }
    if (json_array_size(keywords) > 0) {
        json_object_set(into, "keywords", keywords);
    }
    json_decref(keywords);
}

static void put_positive(json_t *into, const char *key, double number)
{
    if (isfinite(number) && number > 0) {
        json_object_set_new(into, key, json_real(number));
    }
}

/* Old raw files (TIFF/EP) keep what EXIF has in a directory of its own in their first one. */
static double first_directory(GExiv2Metadata *metadata, const char *tag)
{
    double value = 0;
    char *text = tag_text(metadata, tag);
    if (text != NULL) {
        rationals_parse(text, &value, 1);
    }
    g_free(text);
    return value;
}

static double exposure_seconds(GExiv2Metadata *metadata)
{
    int over = 0;
    int under = 0;
    bool timed = gexiv2_metadata_try_get_exposure_time(metadata, &over, &under, NULL);
    return timed && over > 0 && under > 0 ? (double)over / under
                                          : first_directory(metadata, "Exif.Image.ExposureTime");
}

static void put_exposure(GExiv2Metadata *metadata, json_t *into)
{
    double focal_length = gexiv2_metadata_try_get_focal_length(metadata, NULL);
    double aperture = gexiv2_metadata_try_get_fnumber(metadata, NULL);
    double seconds = exposure_seconds(metadata);
    int iso = gexiv2_metadata_try_get_iso_speed(metadata, NULL);
    put_positive(into, "focal_length",
                 focal_length > 0 ? focal_length
                                  : first_directory(metadata, "Exif.Image.FocalLength"));
    put_positive(into, "aperture",
                 aperture > 0 ? aperture : first_directory(metadata, "Exif.Image.FNumber"));
    if (seconds > 0) {
        char shutter[32];
        shutter_format(seconds, shutter);
        json_object_set_new(into, "shutter_speed", json_string(shutter));
    }
    if (iso > 0) {
        json_object_set_new(into, "iso", json_integer(iso));
    }
}

static void put_int_between(GExiv2Metadata *metadata, json_t *into, const char *key,
                            const char *const *tags, long min, long max)
{
    for (; *tags != NULL; tags++) {
        long value;
        if (tag_int(metadata, *tags, &value) && value >= min && value <= max) {
            json_object_set_new(into, key, json_integer(value));
            return;
        }
    }
}

/* The walker has measured the picture itself; the tags are asked only where it could not. */
static void put_size(GExiv2Metadata *metadata, json_t *into, const struct structure *structure)
{
    static const char *const width_tags[] = {"Exif.Photo.PixelXDimension", "Exif.Image.ImageWidth",
                                             NULL};
    static const char *const height_tags[] = {"Exif.Photo.PixelYDimension",
                                              "Exif.Image.ImageLength", NULL};
    if (structure->width != 0 && structure->height != 0) {
        json_object_set_new(into, "width", json_integer(structure->width));
        json_object_set_new(into, "height", json_integer(structure->height));
        return;
    }
    put_int_between(metadata, into, "width", width_tags, 1, INT32_MAX);
    put_int_between(metadata, into, "height", height_tags, 1, INT32_MAX);
    int width = gexiv2_metadata_get_pixel_width(metadata);
    int height = gexiv2_metadata_get_pixel_height(metadata);
    bool measured =
        json_object_get(into, "width") != NULL && json_object_get(into, "height") != NULL;
    if (!measured && width > 0 && height > 0) {
        json_object_set_new(into, "width", json_integer(width));
        json_object_set_new(into, "height", json_integer(height));
    }
}

void facts_read_sidecar(GExiv2Metadata *sidecar, json_t *facts)
{
    static const char *const rating_tags[] = {"Xmp.xmp.Rating", NULL};
    static const struct text_fact texts[] = {{"label", {"Xmp.xmp.Label"}},
                                             {"title", {"Xmp.dc.title"}}};
    put_int_between(sidecar, facts, "rating", rating_tags, -1, 5);
    put_texts(sidecar, json_object_get(facts, "metadata"), texts, sizeof texts / sizeof texts[0]);
}

void facts_read(GExiv2Metadata *metadata, json_t *facts, struct structure *structure)
{
    static const char *const orientation_tags[] = {"Exif.Image.Orientation", "Xmp.tiff.Orientation",
                                                   NULL};
    static const char *const rating_tags[] = {"Xmp.xmp.Rating", "Exif.Image.Rating", NULL};
    put_texts(metadata, facts, camera_facts, sizeof camera_facts / sizeof camera_facts[0]);
    put_exposure(metadata, facts);
    put_int_between(metadata, facts, "orientation", orientation_tags, 1, 8);
    put_int_between(metadata, facts, "rating", rating_tags, -1, 5);
    put_size(metadata, facts, structure);

    struct capture_time taken;
    if (capture_time_read(metadata, &taken, &structure->warnings)) {
        json_object_set_new(facts, "capture_time", json_string(taken.time));
        json_object_set_new(facts, "capture_date", json_string(taken.date));
        json_object_set_new(facts, "capture_clock", json_string(taken.clock));
    }
    double latitude;
    double longitude;
    if (gps_read(metadata, &latitude, &longitude)) {
        json_object_set_new(facts, "gps_lat", json_real(latitude));
        json_object_set_new(facts, "gps_lon", json_real(longitude));
    }
    json_t *description = json_object_get(facts, "metadata");
    put_texts(metadata, description, description_facts,
              sizeof description_facts / sizeof description_facts[0]);
    put_keywords(metadata, description);
}
