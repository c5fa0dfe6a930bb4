-- Does one develop job: finds its photographs, takes a snapshot of each, applies stage by stage,
-- and tells the host and the photographer how far it is. Everything here runs in a task.
--
-- Each stage is one step in the history of a photograph. Photographs are changed a few at a time,
-- so that Lightroom stays usable between them and a cancel is heard.
local LrApplication = import "LrApplication"
local LrFunctionContext = import "LrFunctionContext"
local LrProgressScope = import "LrProgressScope"
local LrTasks = import "LrTasks"
local Develop = require "Develop"
local Json = require "Json"
local Presets = require "Presets"
local Targets = require "Targets"

local JobRun = {}
JobRun.__index = JobRun

local PHOTOS_AT_ONCE = 10
local GATE_TIMEOUT_S = 30
-- Of the whole job, in percent.
local FOUND = 5
local APPLIED = 95

-- `isWanted` is false once the host has cancelled the job.
function JobRun.new(job, report, http, isWanted)
    return setmetatable({
        job = job,
        report = report,
        http = http,
        isWanted = isWanted,
        catalog = LrApplication.activeCatalog(),
        stage = "preparation",
    }, JobRun)
end

-- End the job. Caught in JobRun:run().
function JobRun:stop(kind, sentence)
    error({ kind = kind, sentence = sentence, stage = self.stage }, 0)
end

function JobRun:checkWanted()
    if not self.isWanted() then
        self:stop("withdrawn", "Junmai has cancelled the job")
    elseif self.scope:isCanceled() then
        self:stop("cancelled", "cancelled in Lightroom")
    end
end

-- Run `change` where the catalogue may be changed.
function JobRun:write(title, change)
    local outcome = self.catalog:withWriteAccessDo(title, change, { timeout = GATE_TIMEOUT_S })
    if outcome ~= "executed" then
        self:stop("catalog_busy", string.format(
            "Lightroom's catalogue was busy for %d seconds with something else; try again",
            GATE_TIMEOUT_S))
    end
end

-- Call change(photo) for all, a few at a time. `from` and `to` are percent of the whole job.
function JobRun:eachPhoto(title, from, to, change)
    local photos = self.photos
    for first = 1, #photos, PHOTOS_AT_ONCE do
        self:checkWanted()
        local last = math.min(first + PHOTOS_AT_ONCE - 1, #photos)
        self:write(title, function()
            for index = first, last do
                change(photos[index])
            end
        end)
        self:tell(from + (to - from) * last / #photos,
            string.format("%s: %d of %d", title, last, #photos))
    end
end

function JobRun:tell(percent, message, details)
    self.scope:setPortionComplete(percent, 100)
    self.scope:setCaption(message)
    self.report:progress(self.stage, percent, message, details)
end

function JobRun:takeSnapshots()
    local name = "Before Junmai " .. string.sub(self.job.id, -8) -- ids begin with the time
    self:eachPhoto("Junmai: snapshot", FOUND, FOUND, function(photo)
        photo:createDevelopSnapshot(name, false) -- of an earlier attempt: it is kept
    end)
    return name
end

-- The presets of a stage as Lightroom knows them; one that it does not know is a warning.
function JobRun:findPresets(stage)
    local presets = {}
    for _, name in ipairs(stage.presets) do
        local preset = Presets.find(name)
        if preset then
            presets[#presets + 1] = preset
        else
            table.insert(self.plan.warnings,
                "Lightroom has no develop preset '" .. name .. "'; left out")
        end
    end
    return presets
end

-- Keep the stages that have something to do in this Lightroom. A job that has lost all of them has
-- failed: whoever asked for it would wait for a change in vain.
function JobRun:keepUseful()
    local plan, useful = self.plan, {}
    for _, stage in ipairs(plan.stages) do
        stage.found = self:findPresets(stage)
        if next(stage.settings) or #stage.found > 0 then
            useful[#useful + 1] = stage
        end
    end
    plan.stages = useful
    if #useful == 0 and #plan.warnings > 0 then
        self:stop("nothing_to_do", table.concat(plan.warnings, "; "))
    end
end

-- Photograph by photograph, with the develop module closed too: LrDevelopController would only
-- reach the one that is open there.
function JobRun:applyStage(stage, from, to)
    local title = "Junmai: " .. stage.name
    self:eachPhoto(title, from, to, function(photo)
        for _, preset in ipairs(stage.found) do
            photo:applyDevelopPreset(preset, nil, stage.amount)
        end
        if next(stage.settings) then
            photo:applyDevelopSettings(stage.settings, title)
        end
    end)
    self.report:stageCompleted(stage.name, { photos = #self.photos, settings = stage.settings })
end

function JobRun:prepare()
    local plan, sentence = Develop.plan(self.job.config)
    if not plan then
        self:stop("bad_config", sentence)
    end
    self.plan = plan
    self:keepUseful()
    self.photos, sentence = Targets.find(self.catalog, self.http, self.job, plan.dryRun)
    if not self.photos then
        self:stop("no_photo", sentence)
    end
    local name = self.photos[1]:getFormattedMetadata("fileName")
    self.report:started {
        file_name = name, photos = #self.photos, config_version = self.job.config.version,
    }
    self:tell(FOUND, #self.photos == 1 and name
        or string.format("%s and %d more", name, #self.photos - 1))
end

function JobRun:result(snapshot)
    local stages = {}
    for index, stage in ipairs(self.plan.stages) do
        stages[index] = {
            stage = stage.name, settings = stage.settings, presets = Json.array(stage.presets),
        }
    end
    return {
        photos = #self.photos,
        stages = Json.array(stages),
        warnings = Json.array(self.plan.warnings),
        dry_run = self.plan.dryRun,
        snapshot = snapshot,
    }
end

function JobRun:apply()
    self.stage = "applying_preset"
    local snapshot = self.plan.snapshot and self:takeSnapshots() or nil
    local share = (APPLIED - FOUND) / math.max(1, #self.plan.stages)
    for index, stage in ipairs(self.plan.stages) do
        self:applyStage(stage, FOUND + share * (index - 1), FOUND + share * index)
    end
    return snapshot
end

function JobRun:work()
    self:prepare()
    self:checkWanted()
    local snapshot = nil
    if not self.plan.dryRun then
        snapshot = self:apply()
    end
    self.stage = "finalizing"
    self:tell(APPLIED, "done")
    return self:result(snapshot)
end

-- What was raised, as the report takes it.
function JobRun:problem(raised)
    local problem = type(raised) == "table" and raised.sentence and raised
        or { kind = "lightroom_error", sentence = tostring(raised), stage = self.stage }
    problem.warnings = self.plan and self.plan.warnings
    return problem
end

-- To the end, whatever happens; the end is reported.
function JobRun:run()
    LrFunctionContext.callWithContext("Junmai job", function(context)
        self.scope = LrProgressScope { title = "Junmai develops", functionContext = context }
        self.scope:setCancelable(true)
        self.report:startHeartbeat()
        local ok, outcome = LrTasks.pcall(self.work, self)
        self.scope:done()
        if ok then
            self.report:succeed(outcome)
        elseif type(outcome) == "table" and outcome.kind == "withdrawn" then
            self.report:drop()
        else
            self.report:fail(self:problem(outcome))
        end
    end)
end

return JobRun
