-- The plug-in against a real junmaid with the plugin lightroom: connect, job, failure, cancel,
-- restart. Time runs as it does, since the host's does.
local check = require "check"
local Junmaid = require "junmaid"
local World = require "stubs.world"

local FOLDER = assert(os.getenv("JUNMAI_LRPLUGIN"))
local BUILD = assert(os.getenv("JUNMAI_BUILD"), "JUNMAI_BUILD names the build folder")
local junmaid = Junmaid.open(BUILD)

-- A Lightroom with `count` selected photographs, connected.
local function connected(count)
    local world = World.new(FOLDER, 1)
    world.desk.prefs.address = junmaid:address()
    world.desk.prefs.reportImports = false
    for index = 1, count do
        local photo = world.catalog:addPhoto("/pictures/" .. index .. ".cr3")
        table.insert(world.catalog.selected, photo)
    end
    world:run("Init")
    world:await("the connection", function()
        return string.find(world:require("Service").describe(), "Connected.", 1, true)
    end)
    return world
end

-- A request of somebody else's, its answer with the status that is expected.
local function ask(world, status, method, path, body)
    local http = world:require("Http").new(junmaid:address(), "")
    return world:inTask(function()
        local answer, sentence
        if method == "GET" then
            answer, sentence = http:get(path)
        else
            answer, sentence = http:post(path, body)
        end
        assert(answer, sentence)
        check.equal(answer.status, status, path .. " " .. world:require("Http").reason(answer))
        return answer.body
    end)
end

local function postJob(world, settings)
    local answer = ask(world, 201, "POST", "/job", { config = {
        version = "1.0",
        pipeline = { { stage = "base", settings = settings } },
        safety = { snapshot = true, dryRun = false },
    } })
    return answer.jobId
end

local function jobOf(world, id)
    local answer = ask(world, 200, "GET", "/api/jobs/" .. id)
    return answer.job or answer
end

local function awaitJob(world, id, status)
    local deadline_s = os.time() + 60
    local job
    repeat
        world.scheduler:turn()
        job = jobOf(world, id)
        assert(os.time() < deadline_s, "the job is " .. tostring(job.status) .. ", not " .. status
            .. "\n" .. table.concat(world.desk.log, "\n"))
    until job.status == status
    return job
end

local function finish(world)
    world:inTask(world:require("Service").leave)
    if #world.scheduler.failures > 0 then
        error("a task failed: " .. world.scheduler.failures[1])
    end
end

check.test("a job goes from POST /job through Lightroom to completed", function()
    local world = connected(2)
    local id = postJob(world, { Exposure2012 = 0.5 })
    awaitJob(world, id, "completed")
    for _, photo in ipairs(world.catalog.photos) do
        check.equal(photo.settings, { Exposure2012 = 0.5 })
        check.truth(next(photo.snapshots), "no snapshot")
    end
    check.equal(jobOf(world, id).result.photos, 2)
    check.equal(#world.desk.log, 1, "the host took every message: " .. table.concat(world.desk.log))
    finish(world)
end)

check.test("the host shows a Lightroom among its clients", function()
    local world = connected(1)
    local answer = ask(world, 200, "GET", "/ws/clients")
    check.equal(answer.clients[1].client_type, "lightroom")
    check.equal(#answer.clients[1].subscriptions, 3)
    finish(world)
    check.equal(ask(world, 200, "GET", "/ws/clients").count, 0)
end)

check.test("a failure arrives with its reason", function()
    local world = connected(0)
    local id = postJob(world, { Exposure2012 = 0.5 })
    local job = awaitJob(world, id, "failed")
    check.contains(job.error_message, "there is no photograph to develop")
    finish(world)
end)

check.test("a job that is cancelled at the host ends in Lightroom", function()
    local world = connected(200)
    world.catalog.slow_s = 0.5
    local id = postJob(world, { Exposure2012 = 0.5 })
    world:await("the first change", function()
        return #world.catalog.writes >= 1
    end)
    ask(world, 200, "POST", "/queue/cancel/" .. id, {})
    world:await("the end", function()
        return world.desk.scopes[1].done
    end)
    check.truth(#world.catalog.writes < 40, "it went on to the end")
    check.equal(jobOf(world, id).status, "cancelled")
    finish(world)
end)

check.test("a restart of the host in the middle of a job costs nothing", function()
    local world = connected(100)
    world.catalog.slow_s = 0.2
    local id = postJob(world, { Exposure2012 = 0.5 })
    world:await("the first change", function()
        return #world.catalog.writes >= 1
    end)
    junmaid:stop()
    junmaid:start()
    awaitJob(world, id, "completed")
    world.catalog.slow_s = 0
    awaitJob(world, postJob(world, { Exposure2012 = 1 }), "completed")
    check.equal(world.catalog.photos[1].settings, { Exposure2012 = 1 })
    finish(world)
end)

check.test("two Lightrooms: each job is done by one of them", function()
    local first, second = connected(1), connected(1)
    local ids = {}
    for index = 1, 6 do
        ids[index] = postJob(first, { Exposure2012 = index / 10 })
    end
    local function step()
        second.scheduler:turn()
        return first.scheduler:turn()
    end
    local deadline_s = os.time() + 60
    local function done()
        return first:require("Service").jobsDone() + second:require("Service").jobsDone()
    end
    while done() < #ids do
        assert(os.time() < deadline_s, "only " .. done() .. " jobs are done")
        step()
    end
    for _, id in ipairs(ids) do
        awaitJob(first, id, "completed")
    end
    check.equal(#first.catalog.photos[1].history + #second.catalog.photos[1].history, #ids)
    finish(first)
    finish(second)
end)

check.test("what Lightroom announces is an event for everybody", function()
    local world = connected(0)
    local Session = world:require("Session")
    local http = world:require("Http").new(junmaid:address(), "")
    local heard = world:inTask(function()
        local listener = Session.new(http, { "export" })
        assert(listener:handshake())
        assert(listener:introduce(assert(listener:poll())[1]))
        world:require("Service").announceExport({ type = "lightroom_exported", output_path = "/a" })
        local messages = assert(listener:poll())
        listener:leave()
        return messages
    end)
    check.equal(#heard, 1, "events")
    check.equal({ heard[1].type, heard[1].channel, heard[1].output_path },
        { "lightroom_exported", "export", "/a" })
    finish(world)
end)

junmaid:close()
check.finish()
