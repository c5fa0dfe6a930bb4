-- Which photographs a job is about. What its configuration says wins; otherwise the photograph that
-- Junmai knows the job for, found in the catalogue by its file; otherwise what is selected.
-- Functions here yield.
local Http = require "Http"

local Targets = {}

-- A collection or a smart collection of this name, in sets too.
local function findCollection(parent, name, smart)
    for _, collection in ipairs(parent:getChildCollections()) do
        if collection:getName() == name and collection:isSmartCollection() == smart then
            return collection
        end
    end
    for _, set in ipairs(parent:getChildCollectionSets()) do
        local found = findCollection(set, name, smart)
        if found then
            return found
        end
    end
    return nil
end

-- A folder of this path or name, at any depth below `folders`.
local function findFolder(folders, name)
    for _, folder in ipairs(folders) do
        if folder:getPath() == name or folder:getName() == name then
            return folder
        end
        local found = findFolder(folder:getChildren(), name)
        if found then
            return found
        end
    end
    return nil
end

local finders = {
    selected = function(catalog)
        return catalog:getTargetPhotos()
    end,
    all = function(catalog)
        return catalog:getAllPhotos()
    end,
    collection = function(catalog, name)
        local found = findCollection(catalog, name, false)
        return found and found:getPhotos()
    end,
    smartCollection = function(catalog, name)
        local found = findCollection(catalog, name, true)
        return found and found:getPhotos()
    end,
    folder = function(catalog, name)
        local found = findFolder(catalog:getFolders(), name)
        return found and found:getPhotos()
    end,
}

local function byScope(catalog, target)
    local finder = finders[target.scope]
    if not finder then
        return nil, "target.scope '" .. tostring(target.scope) .. "' is not known"
    end
    local photos = finder(catalog, target.identifier)
    if not photos then
        return nil, string.format("this catalogue has no %s '%s'", target.scope,
            tostring(target.identifier))
    end
    return photos
end

-- The photograph of Junmai's catalogue with this id, in Lightroom's.
local function byId(catalog, http, id)
    local answer, sentence = http:get(string.format("/api/photos/%d", id))
    if not answer then
        return nil, sentence
    elseif answer.status ~= 200 then
        return nil, string.format("photo %d: %s", id, Http.reason(answer))
    end
    local path = answer.body.file_path or (answer.body.photo or {}).file_path
    local photo = type(path) == "string" and catalog:findPhotoByPath(path)
    if not photo then
        return nil, string.format("photo %d (%s) is not in Lightroom's catalogue; import it there",
            id, tostring(path))
    end
    return { photo }
end

-- Virtual copies of `photos`. The SDK copies what is selected, so the selection is changed for a
-- moment.
local function virtualCopies(catalog, photos)
    local active, selected = catalog:getTargetPhoto(), catalog:getTargetPhotos()
    catalog:setSelectedPhotos(photos[1], photos)
    local copies = catalog:createVirtualCopies("Junmai")
    if active then
        catalog:setSelectedPhotos(active, selected)
    end
    return copies
end

-- A list of photographs that is not empty, or nil and a sentence.
function Targets.find(catalog, http, job, dryRun)
    local target = type(job.config.target) == "table" and job.config.target or {}
    local photos, sentence
    if target.scope then
        photos, sentence = byScope(catalog, target)
    elseif job.photoId then
        photos, sentence = byId(catalog, http, job.photoId)
    else
        photos = catalog:getTargetPhotos()
    end
    if not photos then
        return nil, sentence
    elseif #photos == 0 then
        return nil, "there is no photograph to develop: select one in Lightroom, or name a target"
    elseif target.createVirtualCopy and not dryRun then
        return virtualCopies(catalog, photos)
    end
    return photos
end

return Targets
