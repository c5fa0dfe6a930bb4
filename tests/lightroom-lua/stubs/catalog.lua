-- LrApplication with one catalogue: photographs, collections, folders and develop presets. What
-- changes a photograph must be inside withWriteAccessDo; what reads the catalogue must be in a
-- task.
local strict = require "stubs.strict"

-- What of it tests look at and set; the object that Lightroom would give out is `object`.
local Catalog = {}
Catalog.__index = Catalog

function Catalog.new(scheduler)
    local self = setmetatable({
        scheduler = scheduler,
        gateOpen = false,
        busy = false, -- true: withWriteAccessDo gives up
        slow_s = 0, -- how long a gate takes
        photos = {},
        selected = {},
        previous = 0, -- the last id
        presetNames = {},
        collections = {},
        folders = {},
        writes = {}, -- titles of gates, in their order
    }, Catalog)
    self.object = self:makeObject()
    return self
end

function Catalog:inTask(what)
    assert(self.scheduler.current, what .. " was called outside a task")
end

function Catalog:inGate(what)
    assert(self.gateOpen, what .. " was called outside withWriteAccessDo")
end

-- Add a photograph; returns what tests look at, with the LrPhoto in `object`.
function Catalog:addPhoto(path, isVirtualCopy)
    self.previous = self.previous + 1
    local photo = {
        path = path, isVirtualCopy = isVirtualCopy or false, settings = {}, snapshots = {},
        history = {}, presets = {},
    }
    photo.object = self:makePhoto(photo, self.previous)
    table.insert(self.photos, photo)
    return photo
end

function Catalog:makePhoto(photo, id)
    local raw = { path = photo.path, isVirtualCopy = photo.isVirtualCopy, fileFormat = "RAW" }
    return strict("LrPhoto", {
        localIdentifier = id,
        getRawMetadata = function(_, key)
            self:inTask("getRawMetadata")
            assert(raw[key] ~= nil, "no raw metadata '" .. tostring(key) .. "'")
            return raw[key]
        end,
        getFormattedMetadata = function(_, key)
            self:inTask("getFormattedMetadata")
            assert(key == "fileName", "no formatted metadata '" .. tostring(key) .. "'")
            return string.match(photo.path, "[^/]+$")
        end,
        createDevelopSnapshot = function(_, name, updateInPlace)
            self:inGate("createDevelopSnapshot")
            assert(type(name) == "string" and type(updateInPlace) == "boolean", "(name, boolean)")
            if photo.snapshots[name] and not updateInPlace then
                return false
            end
            local before = {}
            for key, value in pairs(photo.settings) do
                before[key] = value
            end
            photo.snapshots[name] = before
            return true
        end,
        applyDevelopSettings = function(_, settings, historyName)
            self:inGate("applyDevelopSettings")
            assert(photo.broken ~= true, "An internal error has occurred")
            for key, value in pairs(settings) do
                photo.settings[key] = value
            end
            table.insert(photo.history, historyName)
        end,
        applyDevelopPreset = function(_, preset, plugin, amount)
            self:inGate("applyDevelopPreset")
            assert(plugin == nil and (amount == nil or type(amount) == "number"), "amount")
            table.insert(photo.presets, { name = preset:getName(), amount = amount })
        end,
    })
end

local function objects(photos)
    local list = {}
    for index, photo in ipairs(photos) do
        list[index] = photo.object
    end
    return list
end

function Catalog:gate(title, change, options)
    self:inTask("withWriteAccessDo")
    assert(type(title) == "string" and type(change) == "function", "(title, function, options)")
    assert(not self.gateOpen, "withWriteAccessDo inside withWriteAccessDo")
    if self.busy then
        assert(options and options.timeout, "the catalogue is in use")
        return "aborted"
    end
    if self.slow_s > 0 then
        self.scheduler:sleep(self.slow_s)
    end
    self.gateOpen = true
    local ok, problem = pcall(change)
    self.gateOpen = false
    if not ok then
        error(problem, 0)
    end
    table.insert(self.writes, title)
    return "executed"
end

function Catalog:findByPath(path)
    for _, photo in ipairs(self.photos) do
        if photo.path == path then
            return photo.object
        end
    end
    return nil
end

function Catalog:copySelected(name)
    local copies = {}
    for index, photo in ipairs(self.selected) do
        copies[index] = self:addPhoto(photo.path, true)
        copies[index].copyName = name
    end
    return objects(copies)
end

-- Our photographs of a list of LrPhotos.
function Catalog:known(list)
    local found = {}
    for _, photo in ipairs(self.photos) do
        for _, object in ipairs(list) do
            if photo.object == object then
                found[#found + 1] = photo
            end
        end
    end
    return found
end

function Catalog:makeObject()
    local function inTask(what, call)
        return function(_, ...)
            self:inTask(what)
            return call(...)
        end
    end
    return strict("LrCatalog", {
        getPath = inTask("getPath", function()
            return "/pictures/studio.lrcat"
        end),
        getAllPhotos = inTask("getAllPhotos", function()
            return objects(self.photos)
        end),
        getTargetPhotos = inTask("getTargetPhotos", function()
            return objects(self.selected)
        end),
        getTargetPhoto = inTask("getTargetPhoto", function()
            return self.selected[1] and self.selected[1].object
        end),
        setSelectedPhotos = inTask("setSelectedPhotos", function(active, list)
            assert(active, "an active photograph")
            self.selected = self:known(list)
        end),
        createVirtualCopies = inTask("createVirtualCopies", function(name)
            return self:copySelected(name)
        end),
        findPhotoByPath = inTask("findPhotoByPath", function(path)
            return self:findByPath(path)
        end),
        findPhotos = inTask("findPhotos", function(query)
            local search = query.searchDesc
            assert(search.criteria == "touchTime" and search.operation == "inLast"
                and search.value and search.value_units, "a search that Lightroom knows")
            return objects(self.photos)
        end),
        batchGetRawMetadata = inTask("batchGetRawMetadata", function(list, keys)
            local answer = {}
            for _, photo in ipairs(list) do
                answer[photo] = {}
                for _, key in ipairs(keys) do
                    answer[photo][key] = photo:getRawMetadata(key)
                end
            end
            return answer
        end),
        getFolders = inTask("getFolders", function()
            return self.folders
        end),
        getChildCollections = inTask("getChildCollections", function()
            return self.collections
        end),
        getChildCollectionSets = inTask("getChildCollectionSets", function()
            return {}
        end),
        withWriteAccessDo = function(_, ...)
            return self:gate(...)
        end,
    })
end

function Catalog:addCollection(name, photos, smart)
    table.insert(self.collections, strict("LrCollection", {
        getName = function()
            return name
        end,
        isSmartCollection = function()
            return smart or false
        end,
        getPhotos = function()
            self:inTask("getPhotos")
            return objects(photos)
        end,
    }))
end

-- A folder with photographs, for `folders` or the `children` of another.
function Catalog:makeFolder(path, photos, children)
    return strict("LrFolder", {
        getPath = function()
            return path
        end,
        getName = function()
            return string.match(path, "[^/]+$")
        end,
        getChildren = function()
            return children or {}
        end,
        getPhotos = function()
            self:inTask("getPhotos")
            return objects(photos)
        end,
    })
end

local function presetFolder(names)
    local presets = {}
    for index, name in ipairs(names) do
        presets[index] = strict("LrDevelopPreset", {
            getName = function()
                return name
            end,
        })
    end
    return strict("LrDevelopPresetFolder", {
        getDevelopPresets = function()
            return presets
        end,
    })
end

function Catalog:namespaces()
    return {
        LrApplication = strict("LrApplication", {
            activeCatalog = function()
                return self.object
            end,
            developPresetFolders = function()
                return { presetFolder({}), presetFolder(self.presetNames) }
            end,
        }),
    }
end

return Catalog
