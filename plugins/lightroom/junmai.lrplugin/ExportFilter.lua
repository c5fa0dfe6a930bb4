-- The post-process action "Tell Junmai" of the Export dialog: announces each file that an export
-- has written. The file itself is left as it is. The SDK tells a plug-in only of exports that
-- contain it.
local LrFileUtils = import "LrFileUtils"
local LrPathUtils = import "LrPathUtils"
local LrTasks = import "LrTasks"
local Service = require "Service"

local ExportFilter = {}

local function describe(photo, path)
    local attributes = LrFileUtils.fileAttributes(path) or {}
    return {
        type = "lightroom_exported",
        file_path = photo:getRawMetadata("path"),
        file_name = LrPathUtils.leafName(path),
        output_path = path,
        file_size = attributes.fileSize,
    }
end

function ExportFilter.postProcessRenderedPhotos(_, filterContext)
    local exported = {}
    for source, wanted in filterContext:renditions() do
        local ok, pathOrMessage = source:waitForRender()
        if ok then
            exported[#exported + 1] = describe(source.photo, pathOrMessage)
        else
            wanted:renditionIsDone(false, pathOrMessage)
        end
    end
    -- The export does not wait for the host.
    LrTasks.startAsyncTask(function()
        for _, message in ipairs(exported) do
            Service.announceExport(message)
        end
    end)
end

return ExportFilter
