-- Develop jobs: lease, snapshot, stages, progress, success, failure, cancel.
local check = require "check"
local Studio = require "studio"

local CONFIG = {
    version = "1.0",
    pipeline = {
        { stage = "base", settings = { Exposure2012 = 0.5, Sparkle = 1 } },
        { stage = "HSL", sat = { orange = -6 } },
        { stage = "preset", apply = { "WhiteLayer", "Nowhere" }, blend = { amount = 60 } },
    },
    safety = { snapshot = true, dryRun = false },
}

-- A copy of CONFIG with some fields of its own.
local function config(fields)
    local copy = {}
    for key, value in pairs(CONFIG) do
        copy[key] = value
    end
    for key, value in pairs(fields or {}) do
        copy[key] = value
    end
    return copy
end

-- A Lightroom at work with `count` photographs, all of them selected.
local function atWork(count)
    local studio = Studio.new()
    studio.catalog.presetNames = { "Other", "WhiteLayer" }
    for index = 1, count do
        local photo = studio.catalog:addPhoto(string.format("/pictures/img_%03d.cr3", index))
        photo.settings.Exposure2012 = 0
        table.insert(studio.catalog.selected, photo)
    end
    return studio:start():awaitConnected()
end

local function doJob(studio, id, fields, photoId)
    studio.host:addJob(id, config(fields), photoId)
    return studio:awaitResult(id)
end

check.test("a job that is announced is leased, done and reported", function()
    local studio = atWork(2)
    local result = doJob(studio, "job1")
    check.equal({ result.status, result.lease }, { "success", "lease-job1" })
    check.equal(result.result.photos, 2)
    check.equal(#result.result.warnings, 2)
    check.contains(result.result.warnings[1], "Sparkle")
    check.contains(result.result.warnings[2], "'Nowhere'")
    for _, photo in ipairs(studio.catalog.photos) do
        check.equal(photo.settings, { Exposure2012 = 0.5, SaturationAdjustmentOrange = -6 })
        check.equal(photo.snapshots, { ["Before Junmai job1"] = { Exposure2012 = 0 } })
        check.equal(photo.presets, { { name = "WhiteLayer", amount = 60 } })
        check.equal(photo.history, { "Junmai: base", "Junmai: HSL" })
    end
    studio:finish()
end)

check.test("what the host hears of a job, in its order, each with job and lease", function()
    local studio = atWork(1)
    doJob(studio, "job1")
    local kinds = {}
    for _, message in ipairs(studio.host.said) do
        if message.job_id then
            check.equal({ message.job_id, message.lease }, { "job1", "lease-job1" })
            local kind = message.type .. (message.stage and ":" .. message.stage or "")
            kinds[#kinds + 1] = not kinds[kind] and kind or nil -- progress may be told more often
            kinds[kind] = true
        end
    end
    check.equal({ unpack(kinds) }, {
        "job_started", "job_progress:preparation", "job_progress:applying_preset",
        "stage_completed:base", "stage_completed:HSL", "stage_completed:preset",
        "job_progress:finalizing", "job_completed",
    })
    check.equal(studio.host:last("job_started").photo_info,
        { file_name = "img_001.cr3", photos = 1, config_version = "1.0" })
    check.equal(studio.host:last("stage_completed").result.photos, 1)
    check.equal(studio.host:last("job_completed").success, true)
    check.truth(studio.host:last("job_completed").duration >= 0)
    studio:finish()
end)

check.test("the photographer sees how far it is", function()
    local studio = atWork(25)
    doJob(studio, "job1")
    local scope = studio.desk.scopes[1]
    check.equal({ scope.title, scope.done, scope.cancelable }, { "Junmai develops", true, true })
    for index = 2, #scope.portions do
        check.truth(scope.portions[index] >= scope.portions[index - 1], "progress goes back")
    end
    check.equal(scope.portions[#scope.portions], 0.95)
    -- 25 photographs are changed in three gates: snapshots, then each of three stages
    check.equal(#studio.catalog.writes, 12)
    studio:finish()
end)

check.test("progress is told, growing, from 0 to 100", function()
    local studio = atWork(60)
    studio.catalog.slow_s = 0.6
    doJob(studio, "job1")
    local last, count = 0, 0
    for _, message in ipairs(studio.host.said) do
        if message.type == "job_progress" then
            check.truth(message.progress >= last and message.progress <= 100, "progress goes back")
            check.equal(type(message.details), "table")
            last, count = message.progress, count + 1
        end
    end
    check.truth(count > 10, count .. " reports")
    studio:finish()
end)

check.test("jobs that wait are done one after the other", function()
    local studio = atWork(1)
    for index = 1, 5 do
        studio.host:addJob("job" .. index, config())
    end
    for index = 1, 5 do
        check.equal(studio:awaitResult("job" .. index).status, "success")
    end
    check.equal(studio.host:count("job_completed"), 5)
    studio:finish()
end)

check.test("a job that nobody announced is found by asking", function()
    local studio = atWork(1)
    studio:await("the question after the connection", function()
        for _, request in ipairs(studio.host.requests) do
            if request == "GET /job/next" then
                return true
            end
        end
        return false
    end)
    table.insert(studio.host.jobs, { id = "silent", config = config() })
    check.equal(studio:awaitResult("silent").status, "success")
    studio:finish()
end)

check.test("a dry run changes nothing and tells what it would do", function()
    local studio = atWork(1)
    local result = doJob(studio, "job1", {
        safety = { snapshot = true, dryRun = true },
        target = { scope = "selected", createVirtualCopy = true },
    })
    check.equal({ result.status, result.result.dry_run }, { "success", true })
    check.equal(result.result.stages[1].settings, { Exposure2012 = 0.5 })
    check.equal(studio.catalog.writes, {})
    check.equal(#studio.catalog.photos, 1)
    studio:finish()
end)

check.test("a job that is done again keeps the snapshot of its first attempt", function()
    local studio = atWork(1)
    studio.catalog.photos[1].snapshots["Before Junmai job1"] = { Exposure2012 = -1 }
    doJob(studio, "job1")
    check.equal(studio.catalog.photos[1].snapshots,
        { ["Before Junmai job1"] = { Exposure2012 = -1 } })
    studio:finish()
end)

check.test("no snapshot where it is refused", function()
    local studio = atWork(1)
    doJob(studio, "job1", { safety = { snapshot = false, dryRun = false } })
    check.equal(studio.catalog.photos[1].snapshots, {})
    studio:finish()
end)

check.test("targets: Junmai's photograph, a collection, all, a virtual copy", function()
    local studio = atWork(3)
    local photos = studio.catalog.photos
    studio.catalog:addCollection("Picks", { photos[2] }, false)
    studio.catalog:addCollection("Stars", { photos[3] }, true)
    local inner = studio.catalog:makeFolder("/pictures/2026/wedding", { photos[2], photos[3] })
    studio.catalog.folders = { studio.catalog:makeFolder("/pictures", photos, { inner }) }
    studio.host.photos[7] = photos[3].path
    local function touched(id, fields, photoId)
        for _, photo in ipairs(photos) do
            photo.history = {}
        end
        check.equal(doJob(studio, id, fields, photoId).status, "success", id)
        local list = {}
        for index, photo in ipairs(photos) do
            list[#list + 1] = #photo.history > 0 and index or nil
        end
        return list
    end
    check.equal(touched("job1", nil, 7), { 3 })
    check.equal(touched("job2", { target = { scope = "collection", identifier = "Picks" } }), { 2 })
    check.equal(touched("job3", { target = { scope = "smartCollection", identifier = "Stars" } }),
        { 3 })
    check.equal(touched("job4", { target = { scope = "all" } }), { 1, 2, 3 })
    check.equal(touched("job6", { target = { scope = "folder", identifier = "wedding" } }),
        { 2, 3 })
    check.equal(touched("job7", { target = { scope = "folder", identifier = "/pictures" } }),
        { 1, 2, 3 })
    studio.catalog.selected = { photos[1] }
    check.equal(touched("job5",
        { target = { scope = "collection", identifier = "Picks", createVirtualCopy = true } }),
        { 4 })
    check.equal({ photos[4].copyName, photos[4].path }, { "Junmai", photos[2].path })
    check.truth(studio.catalog.selected[1] == photos[1], "the selection is as it was")
    studio:finish()
end)

check.test("failures are reported with their reason, and the next job is done", function()
    local studio = atWork(1)
    for index, case in ipairs {
        { { pipeline = "none" }, nil, "no pipeline" },
        { { target = { scope = "collection", identifier = "Nope" } }, nil, "no collection 'Nope'" },
        { { target = { scope = "folders" } }, nil, "'folders' is not known" },
        { { pipeline = { { stage = "preset", apply = { "Nowhere" } } } }, nil, "preset 'Nowhere'" },
        { { pipeline = { { stage = "magic" } } }, nil, "no stage 'magic'" },
        { {}, 99, "photo 99: there is no" },
    } do
        local id = "job" .. index
        local result = doJob(studio, id, case[1], case[2])
        check.equal(result.status, "failure", id)
        check.contains(result.reason, case[3])
        check.contains(studio.host:last("job_failed").error_message, case[3])
        check.equal(studio.host:last("error_occurred").stage, "preparation")
    end
    studio.host.photos[5] = "/elsewhere/a.jpg"
    check.contains(doJob(studio, "job8", {}, 5).reason, "not in Lightroom's catalogue")
    studio.catalog.selected = {}
    check.contains(doJob(studio, "job9").reason, "select one")
    studio.catalog.selected = { studio.catalog.photos[1] }
    check.equal(doJob(studio, "good").status, "success")
    studio:finish()
end)

check.test("what Lightroom itself refuses is a failure too", function()
    local studio = atWork(1)
    studio.catalog.photos[1].broken = true
    local result = doJob(studio, "job1")
    check.equal(result.status, "failure")
    check.contains(result.reason, "An internal error has occurred")
    check.equal(studio.host:last("error_occurred").error_type, "lightroom_error")
    check.equal(studio.host:last("error_occurred").stage, "applying_preset")
    studio.catalog.photos[1].broken = false
    studio.catalog.busy = true
    check.contains(doJob(studio, "job2").reason, "busy for 30 seconds")
    check.truth(studio.desk.scopes[1].done and studio.desk.scopes[2].done, "progress bars stay")
    studio:finish()
end)

check.test("the photographer cancels", function()
    local studio = atWork(30)
    studio.desk.cancelNext = true
    local result = doJob(studio, "job1")
    check.equal({ result.status, result.reason }, { "failure", "cancelled in Lightroom" })
    check.equal(studio.catalog.writes, {})
    studio:finish()
end)

check.test("the host cancels: the job ends at its next step and nothing is reported", function()
    local studio = atWork(100)
    studio.catalog.slow_s = 10
    studio.host:addJob("job1", config())
    studio:await("the first change", function()
        return #studio.catalog.writes >= 1
    end)
    studio.host:publish("jobs", { type = "job_cancelled", job_id = "job1" })
    studio:await("the end", function()
        return studio.desk.scopes[1].done
    end)
    check.truth(#studio.catalog.writes < 40, "it went on to the end")
    studio.catalog.slow_s = 0
    check.equal(doJob(studio, "job2").status, "success")
    check.equal(studio.host.results.job1, nil)
    check.equal(studio.host:last("job_completed").job_id, "job2")
    studio:finish()
end)

check.test("the lease is renewed while Lightroom takes its time", function()
    local studio = atWork(1)
    studio.catalog.slow_s = 100
    studio.host:addJob("job1", config())
    studio:await("the progress after the first gate", function()
        local last = studio.host:last("job_progress")
        return last and last.stage == "applying_preset"
    end)
    local before = studio.host:count("job_progress")
    studio:await("the end of the second gate", function()
        return #studio.catalog.writes >= 2
    end)
    check.truth(studio.host:count("job_progress") > before, "no sign of life in 100 s")
    studio.catalog.slow_s = 0
    studio:awaitResult("job1")
    studio:finish()
end)

check.test("a result is posted until the host has taken it, across its restart", function()
    local studio = atWork(10)
    studio.catalog.slow_s = 10
    studio.host:addJob("job1", config())
    studio:await("the first change", function()
        return #studio.catalog.writes >= 1
    end)
    studio.host:stop()
    studio:await("the end", function()
        return studio.desk.scopes[1].done
    end)
    studio:await("an attempt", function()
        return string.find(table.concat(studio.desk.log, "\n"), "job job1 is not taken yet")
    end)
    studio.host:start()
    local result = studio:awaitResult("job1")
    check.equal({ result.status, result.lease, result.result.photos },
        { "success", "lease-job1", 10 })
    studio:finish()
end)

check.test("a result is posted again to a host that is out of order", function()
    local studio = atWork(1)
    studio.host.refused["POST /job/job1/result"] = 2
    check.equal(doJob(studio, "job1").status, "success")
    check.equal(studio.host.refused["POST /job/job1/result"], 0)
    studio:finish()
end)

check.test("a lease that is another's now: the host's no is taken for an answer", function()
    local studio = atWork(10)
    studio.catalog.slow_s = 10
    studio.host:addJob("job1", config())
    studio:await("the first change", function()
        return #studio.catalog.writes >= 1
    end)
    studio.host.leased.job1 = { lease = "another's" }
    studio.catalog.slow_s = 0
    studio:awaitResult("job1")
    check.equal(doJob(studio, "job2").status, "success")
    check.contains(table.concat(studio.desk.log, "\n"), "is not wanted: This is not the lease")
    studio:finish()
end)

check.finish()
