-- Notices photographs that are new in Lightroom's catalogue and announces them: one task.
--
-- The SDK tells a plug-in of no import, and gives out what "Previous Import" holds only by
-- switching the photographer's view to it. So the catalogue is asked what was touched within a day,
-- which a new photograph always was; new is what has a higher id than the last one that was
-- announced.
local LrApplication = import "LrApplication"
local LrPathUtils = import "LrPathUtils"
local LrTasks = import "LrTasks"
local Json = require "Json"
local Settings = require "Settings"
local log = require "Log"

local ImportWatch = {}
ImportWatch.__index = ImportWatch

local PERIOD_S = 30
local STEP_S = 0.5
local PHOTOS_PER_EVENT = 50

function ImportWatch.new(session, period_s)
    return setmetatable({
        session = session,
        period_s = period_s or PERIOD_S,
        stopped = false,
    }, ImportWatch)
end

function ImportWatch:stop()
    self.stopped = true
end

local function markName(catalog)
    return "lastPhoto:" .. catalog:getPath()
end

local function highest(photos)
    local id = 0
    for _, photo in ipairs(photos) do
        id = math.max(id, photo.localIdentifier)
    end
    return id
end

-- New photographs with an id above `mark`, oldest first.
local function findNew(catalog, mark)
    local touched = catalog:findPhotos {
        searchDesc = {
            criteria = "touchTime", operation = "inLast", value = 1, value_units = "days",
        },
    }
    local new = {}
    for _, photo in ipairs(touched) do
        if photo.localIdentifier > mark then
            new[#new + 1] = photo
        end
    end
    table.sort(new, function(a, b)
        return a.localIdentifier < b.localIdentifier
    end)
    return new
end

local function describe(photos, catalog)
    local metadata = catalog:batchGetRawMetadata(photos, { "path", "isVirtualCopy", "fileFormat" })
    local list = Json.array()
    for _, photo in ipairs(photos) do
        local about = metadata[photo]
        if not about.isVirtualCopy then
            list[#list + 1] = {
                file_path = about.path,
                file_name = LrPathUtils.leafName(about.path),
                format = about.fileFormat,
            }
        end
    end
    return list
end

local function slice(list, first, count)
    local part = {}
    for index = first, math.min(first + count - 1, #list) do
        part[#part + 1] = list[index]
    end
    return part
end

-- Announce what is new. What could not be announced is announced the next time.
function ImportWatch:look()
    local catalog = LrApplication.activeCatalog()
    local name = markName(catalog)
    local mark = Settings.recall(name)
    if not mark then
        Settings.remember(name, highest(catalog:getAllPhotos()))
        return
    end
    local new = findNew(catalog, mark)
    for first = 1, #new, PHOTOS_PER_EVENT do
        local some = slice(new, first, PHOTOS_PER_EVENT)
        local photos = describe(some, catalog)
        if #photos > 0 then
            local ok, sentence = self.session:announce("photos",
                { type = "lightroom_imported", count = #photos, photos = photos })
            if not ok then
                log:warn("an import is not announced yet: " .. sentence)
                return
            end
        end
        Settings.remember(name, highest(some))
    end
end

function ImportWatch:run()
    while not self.stopped do
        if self.session.registered then
            local ok, problem = LrTasks.pcall(self.look, self)
            if not ok then
                log:error("looking for imports: " .. tostring(problem))
            end
        end
        local slept_s = 0
        while not self.stopped and slept_s < self.period_s do
            LrTasks.sleep(STEP_S)
            slept_s = slept_s + STEP_S
        end
    end
end

return ImportWatch
