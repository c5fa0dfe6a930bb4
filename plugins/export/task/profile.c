/* Matrix profiles. Worker process only. */
#include "task/profile.h"

#include <lcms2.h>
#include <stdlib.h>

#define SPACES (SPACE_P3 + 1)
#define HEADER_DATE_AT 24

static struct bytes profiles[SPACES];

struct definition {
    const char *name;
    cmsCIExyY white;
    cmsCIExyYTRIPLE primaries;
    cmsInt32Number curve; /* lcms2's number of a parametric curve */
    cmsFloat64Number parameters[5];
};

#define D65                 \
    {                       \
        0.3127, 0.3290, 1.0 \
    }
#define D50                 \
    {                       \
        0.3457, 0.3585, 1.0 \
    }
#define SRGB_CURVE                                            \
    4,                                                        \
    {                                                         \
        2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045 \
    }

/* Names are those that may be used: three of the four are somebody's trademark. */
static const struct definition definitions[SPACES] = {
    [SPACE_SRGB] = {"sRGB", D65, {{.64, .33, 1}, {.30, .60, 1}, {.15, .06, 1}}, SRGB_CURVE},
    [SPACE_ADOBE] = {"compatible with Adobe RGB (1998)",
                     D65,
                     {{.64, .33, 1}, {.21, .71, 1}, {.15, .06, 1}},
                     1,
                     {563.0 / 256.0}},
    [SPACE_PROPHOTO] = {"compatible with ProPhoto RGB",
                        D50,
                        {{.7347, .2653, 1}, {.1596, .8404, 1}, {.0366, .0001, 1}},
                        1,
                        {1.8}},
    [SPACE_P3] = {"Display P3",
                  D65,
                  {{.680, .320, 1}, {.265, .690, 1}, {.150, .060, 1}},
                  SRGB_CURVE},
};

static void set_name(cmsHPROFILE profile, const char *name)
{
    cmsMLU *text = cmsMLUalloc(NULL, 1);
    if (text != NULL && cmsMLUsetASCII(text, "en", "US", name)) {
        cmsWriteTag(profile, cmsSigProfileDescriptionTag, text);
    }
    cmsMLUfree(text);
}

static struct bytes save(cmsHPROFILE profile)
{
    /* lcms2 writes the time of day, which would make every worker's files different. */
    static const uint8_t date[12] = {0x07, 0xE4, 0, 1, 0, 1};
    cmsUInt32Number len = 0;
    uint8_t *ptr = NULL;
    if (cmsSaveProfileToMem(profile, NULL, &len)) {
        ptr = malloc(len);
    }
    if (ptr == NULL || !cmsSaveProfileToMem(profile, ptr, &len)) {
        free(ptr);
        return (struct bytes){NULL, 0};
    }
    memcpy(ptr + HEADER_DATE_AT, date, sizeof date);
    return (struct bytes){ptr, len};
}

static struct bytes make(const struct definition *definition)
{
    struct bytes bytes = {NULL, 0};
    cmsToneCurve *curve =
        cmsBuildParametricToneCurve(NULL, definition->curve, definition->parameters);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile =
        curve == NULL ? NULL
                      : cmsCreateRGBProfile(&definition->white, &definition->primaries, curves);
    if (profile != NULL) {
        set_name(profile, definition->name);
        bytes = save(profile);
        cmsCloseProfile(profile);
    }
    if (curve != NULL) {
        cmsFreeToneCurve(curve);
    }
    return bytes;
}

jm_status profile_setup(void)
{
    for (size_t i = 0; i < SPACES; i++) {
        profiles[i] = make(&definitions[i]);
        if (profiles[i].ptr == NULL) {
            return JM_ENOMEM;
        }
    }
    return JM_OK;
}

struct bytes profile_of(enum space space)
{
    return profiles[space];
}
