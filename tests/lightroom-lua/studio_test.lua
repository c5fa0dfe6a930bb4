-- What Lightroom does by itself: imports, exports; and the Plug-in Manager and Info.lua.
local check = require "check"
local strict = require "stubs.strict"
local Studio = require "studio"

check.test("new photographs are announced once, virtual copies and old ones are not", function()
    local studio = Studio.new { reportImports = true }
    studio.catalog:addPhoto("/pictures/old.cr3")
    studio:start():awaitConnected()
    studio:await("the first look", function()
        return studio.desk.prefs["lastPhoto:/pictures/studio.lrcat"] == 1
    end)
    studio.catalog:addPhoto("/pictures/new 1.cr3")
    studio.catalog:addPhoto("/pictures/old.cr3", true)
    studio.catalog:addPhoto("/pictures/new 2.cr3")
    studio:await("the announcement", function()
        return #studio.host.announced > 0
    end)
    local body = studio.host.announced[1]
    check.equal({ body.channel, body.durable, body.message.type, body.message.count },
        { "photos", true, "lightroom_imported", 2 })
    check.equal(body.message.photos[1],
        { file_path = "/pictures/new 1.cr3", file_name = "new 1.cr3", format = "RAW" })
    studio:await("the mark", function()
        return studio.desk.prefs["lastPhoto:/pictures/studio.lrcat"] == 4
    end)
    studio.catalog:addPhoto("/pictures/new 3.cr3")
    studio:await("the next announcement", function()
        return #studio.host.announced > 1
    end)
    check.equal(#studio.host.announced[2].message.photos, 1)
    studio:finish()
end)

check.test("many imports are several events, and one that fails is tried again", function()
    local studio = Studio.new { reportImports = true }
    studio:start():awaitConnected()
    studio:await("the first look", function()
        return studio.desk.prefs["lastPhoto:/pictures/studio.lrcat"] == 0
    end)
    studio.host.refused["POST /ws/broadcast"] = 1
    for index = 1, 120 do
        studio.catalog:addPhoto("/pictures/" .. index .. ".cr3")
    end
    studio:await("all", function()
        return #studio.host.announced >= 3
    end)
    local counts, seen = {}, {}
    for index, body in ipairs(studio.host.announced) do
        counts[index] = body.message.count
        for _, photo in ipairs(body.message.photos) do
            check.equal(seen[photo.file_path], nil, "announced before")
            seen[photo.file_path] = true
        end
    end
    check.equal(counts, { 50, 50, 20 })
    studio:finish()
end)

local function rendition(path, ok, outcome)
    return strict("LrExportRendition", {
        photo = strict("LrPhoto", {
            getRawMetadata = function(_, key)
                assert(key == "path")
                return "/pictures/a.cr3"
            end,
        }),
        waitForRender = function()
            return ok, ok and path or "the disk is full"
        end,
        renditionIsDone = function(_, success, message)
            outcome.success, outcome.message = success, message
        end,
    })
end

check.test("the export filter announces each file and passes failures on", function()
    local studio = Studio.new():start():awaitConnected()
    local good, bad = {}, {}
    local list = { rendition("/out/a.jpg", true, good), rendition("/out/b.jpg", false, bad) }
    local outcomes = { rendition("", true, good), rendition("", true, bad) }
    local filter = studio.world:run("ExportFilter")
    studio.world:inTask(function()
        local index = 0
        filter.postProcessRenderedPhotos(nil, {
            renditions = function()
                return function()
                    index = index + 1
                    return list[index], outcomes[index]
                end
            end,
        })
    end)
    studio:await("the announcement", function()
        return #studio.host.announced > 0
    end)
    check.equal(studio.host.announced[1].channel, "export")
    check.equal(studio.host.announced[1].message, {
        type = "lightroom_exported", file_path = "/pictures/a.cr3", file_name = "a.jpg",
        output_path = "/out/a.jpg", file_size = 4711,
    })
    check.equal(good.success, nil, "a file that is as it was is not reported as filtered")
    check.equal(bad, { success = false, message = "the disk is full" })
    studio:finish()
end)

check.test("exports are not announced when that is switched off", function()
    local studio = Studio.new { reportExports = false }
    studio:start():awaitConnected()
    studio.world:inTask(function()
        studio.world:require("Service").announceExport({ type = "lightroom_exported" })
    end)
    check.equal(#studio.host.announced, 0)
    studio:finish()
end)

check.test("the Plug-in Manager shows the settings and takes changes at once", function()
    local studio = Studio.new():start():awaitConnected()
    local provider = studio.world:run("PluginInfo")
    local properties = {}
    provider.startDialog(properties)
    check.equal({ properties.address, properties.token, properties.channels },
        { studio.host:address(), "", "jobs, system, photos" })
    local section = provider.sectionsForTopOfDialog(studio.desk.viewFactory(), properties)[1]
    local bound = {}
    for _, view in ipairs(section) do
        local field = view.kind == "row" and view[2] or view
        bound[#bound + 1] = (field.value or field.title).bound
    end
    check.equal(bound, {
        "enabled", "address", "token", "channels", "reportImports", "reportExports", "state",
    })

    provider.endDialog(properties)
    studio.host:addJob("job1", { pipeline = {} })
    studio:awaitResult("job1")
    check.equal(studio.host:count("register"), 1, "nothing has changed: registrations")
    local client = next(studio.host.clients)
    properties.token, properties.channels = "secret", "export"
    provider.endDialog(properties)
    studio:awaitConnected()
    check.equal(studio.host.left, client, "the client that has left")
    check.equal(studio.desk.passwords["junmai.token"], "secret")
    check.equal(studio.desk.prefs.token, nil, "the token is no preference")
    check.equal(studio.host.authorization, "Bearer secret")
    check.equal(studio.host:last("subscribe").channels, { "jobs", "export" })
    studio:finish()
end)

check.test("Info.lua has what Lightroom needs, and every file that it names", function()
    local studio = Studio.new()
    local info = studio.world:run("Info")
    local known = {
        LrSdkVersion = "number", LrSdkMinimumVersion = "number", LrToolkitIdentifier = "string",
        LrPluginName = "string", LrInitPlugin = "string", LrForceInitPlugin = "boolean",
        LrShutdownPlugin = "string", LrShutdownApp = "string", LrPluginInfoProvider = "string",
        LrLibraryMenuItems = "table", LrExportFilterProvider = "table", VERSION = "table",
    }
    for key, value in pairs(info) do
        check.equal(type(value), known[key], key)
    end
    local names = {
        info.LrInitPlugin, info.LrShutdownPlugin, info.LrShutdownApp, info.LrPluginInfoProvider,
    }
    for _, list in ipairs { info.LrLibraryMenuItems, info.LrExportFilterProvider } do
        for _, item in ipairs(list) do
            check.truth(item.title, "a title")
            names[#names + 1] = item.file
        end
    end
    check.equal(#names, 7)
    for _, name in ipairs(names) do
        local file = io.open(Studio.folder() .. "/" .. name)
        check.truth(file, name .. " is missing")
        file:close()
    end
    studio:finish()
end)

check.test("a call that yields is an error outside a task, and in a plain pcall", function()
    local studio = Studio.new()
    local LrTasks = studio.world.namespaces.LrTasks
    local LrHttp = studio.world.namespaces.LrHttp
    check.equal(pcall(LrTasks.sleep, 1), false)
    check.equal(pcall(LrHttp.get, studio.host:address() .. "/", {}, 1), false)
    studio.world:inTask(function()
        local ok, problem = pcall(LrTasks.sleep, 0)
        check.equal(ok, false)
        check.contains(problem, "attempt to yield")
        check.equal(LrTasks.pcall(LrTasks.sleep, 0), true)
    end)
    local photo = studio.catalog:addPhoto("/pictures/a.cr3")
    check.equal(pcall(photo.object.applyDevelopSettings, photo.object, {}, "x"), false)
    studio.host:stop()
end)

check.finish()
