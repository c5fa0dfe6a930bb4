-- The table that maps a develop configuration to Lightroom's develop settings. Plain data.
--
-- `ranges` has every setting that the plug-in sets, with its bounds; a configuration may use these
-- names directly under `settings`. `parts` has the shorter names that a stage's own parts use:
-- parts[part][key] is the setting. `short` are the names that people write for the first ones.
local DevelopTable = {}

local AMOUNT = { -100, 100 }
local POSITIVE = { 0, 100 }

local ranges = {
    Temperature = { 2000, 50000 },
    Tint = { -150, 150 },
    IncrementalTemperature = AMOUNT, -- of photographs that are not raw
    IncrementalTint = AMOUNT,
    Exposure2012 = { -5, 5 },
    Contrast2012 = AMOUNT,
    Highlights2012 = AMOUNT,
    Shadows2012 = AMOUNT,
    Whites2012 = AMOUNT,
    Blacks2012 = AMOUNT,
    Texture = AMOUNT,
    Clarity2012 = AMOUNT,
    Dehaze = AMOUNT,
    Vibrance = AMOUNT,
    Saturation = AMOUNT,
    ParametricShadows = AMOUNT,
    ParametricDarks = AMOUNT,
    ParametricLights = AMOUNT,
    ParametricHighlights = AMOUNT,
    ParametricShadowSplit = { 10, 70 },
    ParametricMidtoneSplit = { 20, 80 },
    ParametricHighlightSplit = { 30, 90 },
    Sharpness = { 0, 150 },
    SharpenRadius = { 0.5, 3 },
    SharpenDetail = POSITIVE,
    SharpenEdgeMasking = POSITIVE,
    LuminanceSmoothing = POSITIVE,
    LuminanceNoiseReductionDetail = POSITIVE,
    LuminanceNoiseReductionContrast = POSITIVE,
    ColorNoiseReduction = POSITIVE,
    ColorNoiseReductionDetail = POSITIVE,
    ColorNoiseReductionSmoothness = POSITIVE,
    GrainAmount = POSITIVE,
    GrainSize = POSITIVE,
    GrainFrequency = POSITIVE,
    PostCropVignetteAmount = AMOUNT,
    PostCropVignetteMidpoint = POSITIVE,
    PostCropVignetteFeather = POSITIVE,
    PostCropVignetteRoundness = AMOUNT,
    PostCropVignetteHighlightContrast = POSITIVE,
    PostCropVignetteStyle = { 1, 3 },
    ShadowTint = AMOUNT,
}

local parts = {
    sharpen = {
        amount = "Sharpness",
        radius = "SharpenRadius",
        detail = "SharpenDetail",
        masking = "SharpenEdgeMasking",
    },
    nr = {
        luminance = "LuminanceSmoothing",
        luminanceDetail = "LuminanceNoiseReductionDetail",
        luminanceContrast = "LuminanceNoiseReductionContrast",
        color = "ColorNoiseReduction",
        colorDetail = "ColorNoiseReductionDetail",
        colorSmoothness = "ColorNoiseReductionSmoothness",
    },
    grain = {
        amount = "GrainAmount",
        size = "GrainSize",
        roughness = "GrainFrequency",
    },
    vignette = {
        amount = "PostCropVignetteAmount",
        midpoint = "PostCropVignetteMidpoint",
        feather = "PostCropVignetteFeather",
        roundness = "PostCropVignetteRoundness",
        highlights = "PostCropVignetteHighlightContrast",
        style = "PostCropVignetteStyle",
    },
    hue = {},
    sat = {},
    lum = {},
    redPrimary = { hue = "RedHue", sat = "RedSaturation", saturation = "RedSaturation" },
    greenPrimary = { hue = "GreenHue", sat = "GreenSaturation", saturation = "GreenSaturation" },
    bluePrimary = { hue = "BlueHue", sat = "BlueSaturation", saturation = "BlueSaturation" },
}

local mixers = { hue = "HueAdjustment", sat = "SaturationAdjustment", lum = "LuminanceAdjustment" }
local colours = { "Red", "Orange", "Yellow", "Green", "Aqua", "Blue", "Purple", "Magenta" }

for part, prefix in pairs(mixers) do
    for _, colour in ipairs(colours) do
        parts[part][string.lower(colour)] = prefix .. colour
        ranges[prefix .. colour] = AMOUNT
    end
end

for _, primary in ipairs { "Red", "Green", "Blue" } do
    ranges[primary .. "Hue"] = AMOUNT
    ranges[primary .. "Saturation"] = AMOUNT
end

DevelopTable.ranges = ranges
DevelopTable.parts = parts

DevelopTable.short = {
    Exposure = "Exposure2012",
    Contrast = "Contrast2012",
    Highlights = "Highlights2012",
    Shadows = "Shadows2012",
    Whites = "Whites2012",
    Blacks = "Blacks2012",
    Clarity = "Clarity2012",
}

-- Settings that are a word.
DevelopTable.words = {
    WhiteBalance = {
        ["As Shot"] = true, Auto = true, Daylight = true, Cloudy = true, Shade = true,
        Tungsten = true, Fluorescent = true, Flash = true, Custom = true,
    },
}

-- Which parts belong to which stage; `settings` belongs to each.
DevelopTable.stages = {
    base = {},
    toneCurve = { "rgb" },
    HSL = { "hue", "sat", "lum" },
    detail = { "sharpen", "nr" },
    effects = { "grain", "vignette" },
    calibration = { "redPrimary", "greenPrimary", "bluePrimary" },
    ["local"] = { "brushes" },
    preset = { "apply", "blend" },
}

return DevelopTable
