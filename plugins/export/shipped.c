/* The presets that a new data directory has. */
#include "presets.h"

static const char shipped[] =
    "[{'name':'SNS','enabled':true,'format':'JPEG','quality':85,'max_dimension':2048,"
    "'color_space':'sRGB','sharpen_for_screen':true,'sharpen_amount':50,'metadata_include':false,"
    "'filename_template':'{date}_{sequence}','destination':'SNS'},"
    "{'name':'Print','enabled':false,'format':'JPEG','quality':95,'max_dimension':4096,"
    "'color_space':'AdobeRGB','filename_template':'{date}_{original}','destination':'Print'},"
    "{'name':'Archive','enabled':true,'format':'TIFF','quality':100,'max_dimension':8192,"
    "'color_space':'ProPhotoRGB','bit_depth':16,'compression':'deflate',"
    "'filename_template':'{date}_{time}_{original}','destination':'Archive'},"
    "{'name':'Web_Portfolio','enabled':true,'format':'JPEG','quality':90,'max_dimension':3000,"
    "'color_space':'sRGB','sharpen_for_screen':true,'sharpen_amount':40,"
    "'watermark_enabled':true,'watermark_text':'© {year} Your Name',"
    "'metadata_copyright':'© {year} Your Name. All rights reserved.',"
    "'filename_template':'{date}_{sequence}','destination':'Web'},"
    "{'name':'Client_Delivery','enabled':false,'format':'JPEG','quality':92,"
    "'max_dimension':3840,'color_space':'sRGB','sharpen_amount':30,"
    "'filename_template':'{date}_{sequence}','destination':'Client'}]";

static json_t *read_shipped(void)
{
    char text[sizeof shipped];
    for (size_t i = 0; i < sizeof shipped; i++)
        text[i] = shipped[i] == '\'' ? '"' : shipped[i];
    return json_loads(text, 0, NULL);
}

static jm_status add_all(const struct export_core *core)
{
    const struct export_rules rules = export_rules_of(core);
    char reason[EXPORT_REASON_BYTES];
    json_t *all = read_shipped();
    jm_status status = JM_OK;
    size_t i;
    json_t *given;
    json_array_foreach(all, i, given)
    {
        json_t *preset = NULL;
        if (status == JM_OK &&
            export_preset_make(&rules, given, NULL, &preset, reason) != EXPORT_VALID)
            status = export_fail(core, JM_EINVAL, "the shipped presets: %s", reason);
        if (status == JM_OK)
            status = export_preset_add(core, preset);
        json_decref(preset);
    }
    json_decref(all);
    return status;
}

jm_status export_presets_ship(const struct export_core *core)
{
    jm_exec_result result = {0};
    jm_status status = core->api.store->exec(
        core->api.host, "INSERT OR IGNORE INTO export_state(id, shipped) VALUES(1, 1)", NULL, 0,
        NULL, NULL, &result);
    return status == JM_OK && result.changes > 0 ? add_all(core) : status;
}
