-- Turns a develop configuration into a plan: for each stage of its pipeline the settings and
-- presets that Lightroom is to apply, and a warning for each thing that it cannot. Pure; does not
-- yield.
local DevelopTable = require "DevelopTable"

local Develop = {}

-- What is being planned: the warnings, and the stage that they are about.
local Plan = {}
Plan.__index = Plan

function Plan:warn(form, ...)
    table.insert(self.warnings, string.format(form, ...))
end

-- A value that fits the setting, or nil.
function Plan:fit(path, name, value)
    local range = DevelopTable.ranges[name]
    local number = tonumber(value)
    if not number or type(value) == "boolean" or number ~= number then
        self:warn("%s: a number is expected; left out", path)
        return nil
    end
    local fitting = math.max(range[1], math.min(range[2], number))
    if fitting ~= number then
        self:warn("%s: %g is outside %g to %g; %g is taken", path, number, range[1], range[2],
            fitting)
    end
    return fitting
end

-- {mode, temp, tint}: Lightroom takes a temperature only where the mode is "Custom".
function Plan:whiteBalance(path, value, settings)
    if type(value) ~= "table" then
        self:warn("%s: an object is expected; left out", path)
        return
    end
    settings.WhiteBalance = (value.temp or value.tint) and "Custom" or nil
    if value.temp then
        settings.Temperature = self:fit(path .. ".temp", "Temperature", value.temp)
    end
    if value.tint then
        settings.Tint = self:fit(path .. ".tint", "Tint", value.tint)
    end
    if value.mode and not settings.WhiteBalance then
        self:word(path .. ".mode", "WhiteBalance", value.mode, settings)
    end
end

function Plan:word(path, name, value, settings)
    if DevelopTable.words[name][value] then
        settings[name] = value
    else
        self:warn("%s: Lightroom has no '%s'; left out", path, tostring(value))
    end
end

-- The keys of a part in one order, so that warnings come in one order.
local function sortedKeys(object)
    local keys = {}
    for key in pairs(object) do
        keys[#keys + 1] = tostring(key)
    end
    table.sort(keys)
    return keys
end

function Plan:freeSettings(path, object, settings)
    for _, key in ipairs(sortedKeys(object)) do
        local name = DevelopTable.short[key] or key
        local here = path .. "." .. key
        if name == "WB" then
            self:whiteBalance(here, object[key], settings)
        elseif DevelopTable.words[name] then
            self:word(here, name, object[key], settings)
        elseif DevelopTable.ranges[name] then
            settings[name] = self:fit(here, name, object[key])
        else
            self:warn("%s: no develop setting of this name is known; left out", here)
        end
    end
end

function Plan:namedPart(path, part, object, settings)
    for _, key in ipairs(sortedKeys(object)) do
        local name = DevelopTable.parts[part][key]
        local here = path .. "." .. key
        if name then
            settings[name] = self:fit(here, name, object[key])
        else
            self:warn("%s: not known; left out", here)
        end
    end
end

-- A tone curve is x, y, x, y, … from 0 to 255, the x growing.
function Plan:toneCurve(path, points, settings)
    local last = -1
    for index, value in ipairs(points) do
        local good = type(value) == "number" and value >= 0 and value <= 255
        if not good or (index % 2 == 1 and value <= last) then
            self:warn("%s[%d]: pairs of 0 to 255, x growing, are expected; the curve is left out",
                path, index - 1)
            return
        end
        last = index % 2 == 1 and value or last
    end
    if #points < 4 or #points % 2 ~= 0 then
        self:warn("%s: two points are the least; the curve is left out", path)
        return
    end
    settings.ToneCurveName2012 = "Custom"
    settings.ToneCurvePV2012 = points
end

-- Names of presets, and how much of them: {amount = 0 to 100} percent.
function Plan:presets(path, stage, planned)
    for index, name in ipairs(stage.apply or {}) do
        if type(name) == "string" then
            table.insert(planned.presets, name)
        else
            self:warn("%s.apply[%d]: the name of a preset is expected; left out", path, index - 1)
        end
    end
    local amount = stage.blend and stage.blend.amount
    if amount ~= nil then
        if type(amount) == "number" and amount >= 0 and amount <= 200 then
            planned.amount = amount
        else
            self:warn("%s.blend.amount: a number from 0 to 200 is expected; 100 is taken", path)
        end
    end
end

local special = {
    rgb = function(plan, path, stage, planned)
        plan:toneCurve(path .. ".rgb", stage.rgb, planned.settings)
    end,
    apply = function(plan, path, stage, planned)
        plan:presets(path, stage, planned)
    end,
    blend = function() end, -- with apply
    brushes = function(plan, path)
        plan:warn("%s.brushes: Lightroom's SDK gives a plug-in no brush; left out", path)
    end,
}

function Plan:stage(path, stage)
    local planned = { name = stage.stage, settings = {}, presets = {} }
    local parts = DevelopTable.stages[stage.stage]
    if not parts then
        self:warn("%s: no stage '%s' is known; left out", path, tostring(stage.stage))
        return
    end
    if type(stage.settings) == "table" then
        self:freeSettings(path .. ".settings", stage.settings, planned.settings)
    end
    for _, part in ipairs(parts) do
        if type(stage[part]) == "table" and special[part] then
            special[part](self, path, stage, planned)
        elseif type(stage[part]) == "table" then
            self:namedPart(path .. "." .. part, part, stage[part], planned.settings)
        elseif stage[part] ~= nil then
            self:warn("%s.%s: an object or a list is expected; left out", path, part)
        end
    end
    if next(planned.settings) or #planned.presets > 0 then
        table.insert(self.stages, planned)
    end
end

-- What the approval of a photograph asks for: {preset, adjustments} instead of a pipeline.
local function pipelineOf(config)
    if type(config.pipeline) == "table" then
        return config.pipeline
    end
    local pipeline = {}
    if type(config.preset) == "string" and config.preset ~= "" then
        table.insert(pipeline, { stage = "preset", apply = { config.preset } })
    end
    if type(config.adjustments) == "table" then
        table.insert(pipeline, { stage = "base", settings = config.adjustments })
    end
    return #pipeline > 0 and pipeline or nil
end

-- {stages = {{name, settings, presets, amount}}, warnings, snapshot, dryRun}, or nil and a
-- sentence.
function Develop.plan(config)
    local pipeline = type(config) == "table" and pipelineOf(config)
    if not pipeline then
        return nil, "the job has no pipeline: Lightroom would have nothing to do"
    end
    local safety = type(config.safety) == "table" and config.safety or {}
    local plan = setmetatable({
        stages = {},
        warnings = {},
        snapshot = safety.snapshot ~= false,
        dryRun = safety.dryRun == true,
    }, Plan)
    for index, stage in ipairs(pipeline) do
        local path = string.format("pipeline[%d]", index - 1)
        if type(stage) == "table" then
            plan:stage(path, stage)
        else
            plan:warn("%s: an object is expected; left out", path)
        end
    end
    if type(config.export) == "table" and config.export.enable then
        plan:warn("export: is done by Junmai's export presets, not by Lightroom; left out")
    end
    return plan
end

return Develop
