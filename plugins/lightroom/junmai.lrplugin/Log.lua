-- The plug-in's log: the file Junmai.log in Lightroom's log folder.
local LrLogger = import "LrLogger"

local log = LrLogger("Junmai")
log:enable("logfile")

return log
