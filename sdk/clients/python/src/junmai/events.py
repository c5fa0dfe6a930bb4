"""The events of a Junmai host, written by `junmai codegen python` from what its plugins declare.

Write it again rather than change it.
"""
from typing import Any, Literal, NotRequired, TypedDict, Union

Channel = Literal[
    "approval",
    "export",
    "jobs",
    "photos",
    "queue",
    "sessions",
    "system",
]

# A decision, the undoing of one, or a develop job has changed which photographs wait.
ApprovalQueueUpdated = TypedDict("ApprovalQueueUpdated", {
    "type": Literal["approval_queue_updated"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # photographs that wait for a decision now
    "queue_count": int,
    # session of the photograph that was decided on; absent where it has none, or there may be several
    "session_id": NotRequired[int],
})

# A batch has got further.
BatchProgress = TypedDict("BatchProgress", {
    "type": Literal["batch_progress"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the batch
    "batch_id": str,
    # photographs whose job succeeded
    "processed": int,
    # those whose job failed
    "failed": int,
    # all photographs of the batch
    "total": int,
    # processed of total, 0 to 100 with two decimals
    "progress_percent": float,
    # seconds until the end; null while that cannot be estimated
    "eta_s": float | None,
})

# The studio's document has been changed.
ConfigChanged = TypedDict("ConfigChanged", {
    "type": Literal["config_changed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # of the document after the change
    "revision": int,
    # JSON pointers of the values that are other ones now
    "changed": list[Any],
})

# Something failed that an operator should know of.
ErrorOccurred = TypedDict("ErrorOccurred", {
    "type": Literal["error_occurred"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # what kind of error: store_full, plugin_refused, …
    "error_type": str,
    # one sentence for the operator
    "error_message": str,
    # facts that help to find the cause
    "error_details": dict[str, Any],
    # the job that failed
    "job_id": NotRequired[str],
    # the photograph it was about
    "photo_id": NotRequired[int],
})

# The file is there, whole.
ExportCompleted = TypedDict("ExportCompleted", {
    "type": Literal["export_completed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the export job
    "job_id": str,
    # the photograph
    "photo_id": int,
    # the preset, as it was called when the job was made
    "preset_name": str,
    # the file
    "output_path": str,
    # its bytes
    "file_size": int,
})

# An export will not be tried again by itself; there is no file.
ExportFailed = TypedDict("ExportFailed", {
    "type": Literal["export_failed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the export job
    "job_id": str,
    # the photograph
    "photo_id": int,
    # the preset, as it was called when the job was made
    "preset_name": str,
    # what failed and why
    "error_message": str,
})

# An export goes on: a few times a second.
ExportProgress = TypedDict("ExportProgress", {
    "type": Literal["export_progress"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the export job
    "job_id": str,
    # the photograph
    "photo_id": int,
    # the preset, as it was called when the job was made
    "preset_name": str,
    # 0 to 100 percent
    "progress": float,
})

# An export begins, here or where a client renders.
ExportStarted = TypedDict("ExportStarted", {
    "type": Literal["export_started"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the export job
    "job_id": str,
    # the photograph
    "photo_id": int,
    # the preset, as it was called when the job was made
    "preset_name": str,
    # the preset's folder
    "destination": str,
})

# A batch import goes on: several times a second, and when it ends.
ImportProgress = TypedDict("ImportProgress", {
    "type": Literal["import_progress"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the batch, as its answer names it
    "import_id": str,
    # files that are imported, refused or found to be duplicates
    "files_done": int,
    # files of the batch
    "files_total": int,
    # bytes of the files that are done and of those being copied
    "bytes_done": int,
    # bytes of all files that can be read
    "bytes_total": int,
    # bytes per second since the batch began
    "rate_bytes_per_s": float,
    # seconds that are left at this rate, null while that cannot be told
    "eta_s": float | None,
})

# A job was cancelled.
JobCancelled = TypedDict("JobCancelled", {
    "type": Literal["job_cancelled"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
})

# A job has succeeded; once for each job.
JobCompleted = TypedDict("JobCompleted", {
    "type": Literal["job_completed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # what the executor delivered
    "result": dict[str, Any],
    # true
    "success": NotRequired[bool],
    # seconds that its attempt took
    "duration": NotRequired[float],
})

# There is a new job.
JobCreated = TypedDict("JobCreated", {
    "type": Literal["job_created"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # 1 to 10, higher is more urgent
    "priority": int,
})

# A job has failed and has no attempt left.
JobFailed = TypedDict("JobFailed", {
    "type": Literal["job_failed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # why, as a sentence
    "error_message": str,
    # whatever the executor adds
    "error_details": dict[str, Any],
    # false
    "success": NotRequired[bool],
    # what the executor delivered all the same
    "result": NotRequired[dict[str, Any]],
    # seconds that its attempt took
    "duration": NotRequired[float],
})

# A running job has got further.
JobProgress = TypedDict("JobProgress", {
    "type": Literal["job_progress"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph
    "photo_id": NotRequired[int | None],
    # what is being done
    "stage": str,
    # 0 to 100, in percent
    "progress": float,
    # a sentence; may be empty
    "message": str,
    # whatever the executor adds
    "details": NotRequired[dict[str, Any]],
    # seconds until the end, once that can be estimated
    "eta_s": NotRequired[float],
})

# A job waits again: an attempt failed or was lost, or somebody began it anew.
JobRequeued = TypedDict("JobRequeued", {
    "type": Literal["job_requeued"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # the attempt that has ended; 0: it had none
    "attempt": int,
    # why it waits again
    "reason": str,
    # when it may begin again; null: at once
    "due_at": str | None,
})

# An attempt of a job has begun.
JobStarted = TypedDict("JobStarted", {
    "type": Literal["job_started"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # what Lightroom says of the photograph
    "photo_info": NotRequired[dict[str, Any]],
})

# A photograph has got its scores.
PhotoAnalyzed = TypedDict("PhotoAnalyzed", {
    "type": Literal["photo_analyzed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the photograph
    "photo_id": int,
    # overall score, 1 (worst) to 5 (best); null where only partial scores are known
    "ai_score": float | None,
    # focus_score, exposure_score, composition_score; each may be null
    "analysis_results": dict[str, Any],
})

# A person has approved a photograph.
PhotoApproved = TypedDict("PhotoApproved", {
    "type": Literal["photo_approved"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the photograph
    "photo_id": int,
    # its session, null where it has none
    "session_id": int | None,
})

# A photograph is in the library.
PhotoImported = TypedDict("PhotoImported", {
    "type": Literal["photo_imported"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the photograph
    "photo_id": int,
    # its session, null where it has none
    "session_id": int | None,
    # name of the file in the library
    "file_name": str,
    # absolute path of the file in the library
    "file_path": str,
})

# Lightroom tells what it knows of a job's photograph.
PhotoInfo = TypedDict("PhotoInfo", {
    "type": Literal["photo_info"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, as named
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # what Lightroom knows of the photograph
    "photo_data": dict[str, Any],
    # when, by the clock of Lightroom's machine
    "sent_at": NotRequired[str],
})

# A person has rejected a photograph.
PhotoRejected = TypedDict("PhotoRejected", {
    "type": Literal["photo_rejected"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the photograph
    "photo_id": int,
    # its session, null where it has none
    "session_id": int | None,
    # why, as the person said; may be empty
    "reason": str,
})

# A photograph has got a context tag or a preset.
PhotoSelected = TypedDict("PhotoSelected", {
    "type": Literal["photo_selected"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the photograph
    "photo_id": int,
    # what the photograph shows
    "context_tag": str | None,
    # the preset it will be developed with
    "selected_preset": str | None,
})

# A waiting job's priority has changed.
PriorityChanged = TypedDict("PriorityChanged", {
    "type": Literal["priority_changed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, 32 hex digits
    "job_id": str,
    # 1 to 10
    "old_priority": int,
    # 1 to 10, higher is more urgent
    "new_priority": int,
    # who or what changed it
    "reason": str,
})

# Lightroom tells what a job has cost.
ProcessingMetrics = TypedDict("ProcessingMetrics", {
    "type": Literal["processing_metrics"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, as named
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # numbers of the job: times, memory
    "metrics": dict[str, Any],
    # when, by the clock of Lightroom's machine
    "sent_at": NotRequired[str],
})

# The number of jobs in some state has changed.
QueueStatus = TypedDict("QueueStatus", {
    "type": Literal["queue_status"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # jobs that wait
    "pending": int,
    # jobs that somebody does
    "processing": int,
    # jobs that succeeded
    "completed": int,
    # jobs that have no attempt left
    "failed": int,
    # all jobs, the cancelled ones too
    "total": int,
})

# A resource of the machine has reached its limit.
ResourceWarning = TypedDict("ResourceWarning", {
    "type": Literal["resource_warning"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # cpu, memory, gpu or disk
    "resource_type": str,
    # percent; degrees Celsius of a gpu
    "current_value": float,
    # the limit that was reached, in the same unit
    "threshold": float,
    # a sentence for a person
    "message": str,
})

# A session's status has become completed.
SessionCompleted = TypedDict("SessionCompleted", {
    "type": Literal["session_completed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the session
    "session_id": int,
    # name of the session
    "session_name": str,
    # photographs in the session
    "total_photos": int,
    # those that are approved
    "approved_photos": int,
    # approved of total, 0 to 100 with two decimals
    "approval_rate": float,
})

# There is a new session.
SessionCreated = TypedDict("SessionCreated", {
    "type": Literal["session_created"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the session
    "session_id": int,
    # name of the session
    "session_name": str,
    # folder that its photographs come from
    "import_folder": str,
})

# A session and the rows of its photographs are gone.
SessionDeleted = TypedDict("SessionDeleted", {
    "type": Literal["session_deleted"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the session
    "session_id": int,
    # name of the session
    "session_name": str,
})

# A session's status, name or counters have changed.
SessionUpdated = TypedDict("SessionUpdated", {
    "type": Literal["session_updated"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the session
    "session_id": int,
    # photographs in the session
    "total_photos": int,
    # those that are completed, failed or rejected
    "processed_photos": int,
    # processed of total, 0 to 100 with two decimals; 0 where there are none
    "progress_percent": float,
    # importing, selecting, developing, exporting or completed
    "status": str,
})

# Lightroom has ended one stage of a job.
StageCompleted = TypedDict("StageCompleted", {
    "type": Literal["stage_completed"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # the job, as named
    "job_id": str,
    # its photograph, null where none
    "photo_id": int | None,
    # what is done
    "stage": str,
    # what came of it
    "result": dict[str, Any],
    # when, by the clock of Lightroom's machine
    "sent_at": NotRequired[str],
})

# The host has started, or its processing has.
SystemStatus = TypedDict("SystemStatus", {
    "type": Literal["system_status"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # running, paused, resumed, batch_started, batch_paused, batch_resumed, …
    "status": str,
    # what belongs to the status
    "details": dict[str, Any],
})

Event = Union[
    ApprovalQueueUpdated,
    BatchProgress,
    ConfigChanged,
    ErrorOccurred,
    ExportCompleted,
    ExportFailed,
    ExportProgress,
    ExportStarted,
    ImportProgress,
    JobCancelled,
    JobCompleted,
    JobCreated,
    JobFailed,
    JobProgress,
    JobRequeued,
    JobStarted,
    PhotoAnalyzed,
    PhotoApproved,
    PhotoImported,
    PhotoInfo,
    PhotoRejected,
    PhotoSelected,
    PriorityChanged,
    ProcessingMetrics,
    QueueStatus,
    ResourceWarning,
    SessionCompleted,
    SessionCreated,
    SessionDeleted,
    SessionUpdated,
    StageCompleted,
    SystemStatus,
]
