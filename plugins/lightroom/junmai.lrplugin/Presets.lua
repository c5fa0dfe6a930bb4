-- Finds develop presets by the names that people see. Does not yield.
local LrApplication = import "LrApplication"

local Presets = {}

local function findIn(folders, name)
    for _, folder in ipairs(folders) do
        for _, preset in ipairs(folder:getDevelopPresets()) do
            if preset:getName() == name then
                return preset
            end
        end
    end
    return nil
end

-- The preset, or nil. Lightroom's folders of presets are one level deep.
function Presets.find(name)
    return findIn(LrApplication.developPresetFolders(), name)
end

return Presets
