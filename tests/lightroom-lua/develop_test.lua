-- Develop: from a configuration to Lightroom's develop settings, and what it warns of.
local check = require "check"
local World = require "stubs.world"
local Develop = World.new(assert(os.getenv("JUNMAI_LRPLUGIN")), 1):require("Develop")

local function plan(stage)
    return assert(Develop.plan {
        version = "1.0", pipeline = { stage }, safety = { snapshot = true, dryRun = false },
    })
end

local function settingsOf(stage)
    local planned = plan(stage)
    check.equal(planned.warnings, {}, "warnings")
    check.equal(planned.stages[1].name, stage.stage, "stage")
    return planned.stages[1].settings
end

check.test("each stage maps to Lightroom's names", function()
    check.equal(settingsOf { stage = "base", settings = {
        Exposure2012 = -0.15, Highlights2012 = -18, Shadows = 12, Vibrance = 5,
        WB = { mode = "Custom", temp = 5200, tint = 8 },
    } }, {
        Exposure2012 = -0.15, Highlights2012 = -18, Shadows2012 = 12, Vibrance = 5,
        WhiteBalance = "Custom", Temperature = 5200, Tint = 8,
    })
    check.equal(settingsOf { stage = "toneCurve", rgb = { 0, 0, 64, 60, 255, 255 } },
        { ToneCurveName2012 = "Custom", ToneCurvePV2012 = { 0, 0, 64, 60, 255, 255 } })
    check.equal(settingsOf { stage = "HSL",
        hue = { orange = -4 }, sat = { aqua = -6 }, lum = { red = 4 } },
        { HueAdjustmentOrange = -4, SaturationAdjustmentAqua = -6, LuminanceAdjustmentRed = 4 })
    check.equal(settingsOf { stage = "detail", sharpen = { amount = 40, radius = 1.1 },
        nr = { luminance = 10, colorDetail = 50 } },
        { Sharpness = 40, SharpenRadius = 1.1, LuminanceSmoothing = 10,
            ColorNoiseReductionDetail = 50 })
    check.equal(settingsOf { stage = "effects", grain = { amount = 12, roughness = 40 },
        vignette = { amount = -10 }, settings = { Clarity2012 = 8, Dehaze = -5 } },
        { GrainAmount = 12, GrainFrequency = 40, PostCropVignetteAmount = -10, Clarity2012 = 8,
            Dehaze = -5 })
    check.equal(settingsOf { stage = "calibration", redPrimary = { hue = 5, saturation = -3 },
        bluePrimary = { sat = 10 } }, { RedHue = 5, RedSaturation = -3, BlueSaturation = 10 })
    check.equal(settingsOf { stage = "base", settings = { WhiteBalance = "Auto" } },
        { WhiteBalance = "Auto" })
end)

check.test("a preset is planned with its amount", function()
    local planned = plan { stage = "preset", apply = { "WhiteLayer" }, blend = { amount = 60 } }
    check.equal(planned.stages[1].presets, { "WhiteLayer" })
    check.equal(planned.stages[1].amount, 60)
end)

check.test("what Lightroom cannot do is a warning with its place; the rest is done", function()
    for _, case in ipairs {
        { { stage = "base", settings = { Exposure2012 = 1, Sparkle = 3 } },
            "pipeline[0].settings.Sparkle" },
        { { stage = "HSL", hue = { orange = 1, beige = 2 } }, "pipeline[0].hue.beige" },
        { { stage = "base", settings = { Exposure2012 = 9 } }, "outside -5 to 5; 5 is taken" },
        { { stage = "base", settings = { Exposure2012 = 1, Tint = "much" } },
            "pipeline[0].settings.Tint" },
        { { stage = "base", settings = { Exposure2012 = 1, WB = 5200 } },
            "pipeline[0].settings.WB" },
        { { stage = "base", settings = { Exposure2012 = 1, WB = { mode = "Disco" } } },
            "no 'Disco'" },
        { { stage = "local", settings = { Exposure = 1 }, brushes = { {} } },
            "pipeline[0].brushes" },
        { { stage = "detail", sharpen = { amount = 1 }, nr = 7 }, "pipeline[0].nr" },
        { { stage = "preset", apply = { "A", 5 } }, "pipeline[0].apply[1]" },
        { { stage = "preset", apply = { "A" }, blend = { amount = "half" } },
            "pipeline[0].blend.amount" },
    } do
        local planned = plan(case[1])
        check.equal(#planned.warnings, 1, case[2])
        check.contains(planned.warnings[1], case[2])
        check.equal(#planned.stages, 1, "stages")
    end
    local bounded = plan { stage = "base", settings = { Exposure2012 = 9 } }
    check.equal(bounded.stages[1].settings, { Exposure2012 = 5 })
end)

check.test("a bad tone curve or stage leaves nothing to do", function()
    for _, stage in ipairs {
        { stage = "toneCurve", rgb = { 0, 0, 10 } },
        { stage = "toneCurve", rgb = { 0, 0 } },
        { stage = "toneCurve", rgb = { 0, 0, 0, 255 } },
        { stage = "toneCurve", rgb = { 0, 0, 255, 256 } },
        { stage = "magic", settings = { Exposure = 1 } },
        { settings = { Exposure = 1 } },
        "base",
    } do
        local planned = plan(stage)
        check.equal(#planned.stages, 0, "stages")
        check.equal(#planned.warnings, 1, "warnings")
    end
end)

check.test("safety, export and what has no pipeline", function()
    check.equal(plan({ stage = "base" }).snapshot, true)
    local planned = Develop.plan {
        pipeline = {}, safety = { snapshot = false, dryRun = true }, export = { enable = true },
    }
    check.equal({ planned.snapshot, planned.dryRun, #planned.warnings }, { false, true, 1 })
    check.truth(Develop.plan({ pipeline = {} }).snapshot,
        "a snapshot is taken unless it is refused")
    for _, config in ipairs { {}, { pipeline = "base" }, "text" } do
        local nothing, sentence = Develop.plan(config)
        check.equal(nothing, nil)
        check.contains(sentence, "no pipeline")
    end
end)

check.test("an approval's preset and adjustments are a pipeline too", function()
    local planned = Develop.plan { preset = "Warm", adjustments = { Exposure = 0.3 } }
    check.equal(planned.stages[1].presets, { "Warm" })
    check.equal(planned.stages[2].settings, { Exposure2012 = 0.3 })
end)

check.finish()
