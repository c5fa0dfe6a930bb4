/* The events of a Junmai host, written by `junmai codegen ts` from what its plugins declare.
 * Write it again rather than change it. */

export type Channel =
  | "approval"
  | "export"
  | "jobs"
  | "photos"
  | "queue"
  | "sessions"
  | "system";

/** What every event has. One for everyone has no channel. */
export interface Envelope {
  type: string;
  /** UTC, with milliseconds */
  timestamp: string;
  channel?: Channel;
  /** only grows, within an epoch of the host */
  seq: number;
}

/** A decision, the undoing of one, or a develop job has changed which photographs wait. */
export interface ApprovalQueueUpdated extends Envelope {
  type: "approval_queue_updated";
  /** photographs that wait for a decision now */
  queue_count: number;
  /** session of the photograph that was decided on; absent where it has none, or there may be several */
  session_id?: number;
}

/** A batch has got further. */
export interface BatchProgress extends Envelope {
  type: "batch_progress";
  /** the batch */
  batch_id: string;
  /** photographs whose job succeeded */
  processed: number;
  /** those whose job failed */
  failed: number;
  /** all photographs of the batch */
  total: number;
  /** processed of total, 0 to 100 with two decimals */
  progress_percent: number;
  /** seconds until the end; null while that cannot be estimated */
  eta_s: number | null;
}

/** The studio's document has been changed. */
export interface ConfigChanged extends Envelope {
  type: "config_changed";
  /** of the document after the change */
  revision: number;
  /** JSON pointers of the values that are other ones now */
  changed: unknown[];
}

/** Something failed that an operator should know of. */
export interface ErrorOccurred extends Envelope {
  type: "error_occurred";
  /** what kind of error: store_full, plugin_refused, … */
  error_type: string;
  /** one sentence for the operator */
  error_message: string;
  /** facts that help to find the cause */
  error_details: Record<string, unknown>;
  /** the job that failed */
  job_id?: string;
  /** the photograph it was about */
  photo_id?: number;
}

/** The file is there, whole. */
export interface ExportCompleted extends Envelope {
  type: "export_completed";
  /** the export job */
  job_id: string;
  /** the photograph */
  photo_id: number;
  /** the preset, as it was called when the job was made */
  preset_name: string;
  /** the file */
  output_path: string;
  /** its bytes */
  file_size: number;
}

/** An export will not be tried again by itself; there is no file. */
export interface ExportFailed extends Envelope {
  type: "export_failed";
  /** the export job */
  job_id: string;
  /** the photograph */
  photo_id: number;
  /** the preset, as it was called when the job was made */
  preset_name: string;
  /** what failed and why */
  error_message: string;
}

/** An export goes on: a few times a second. */
export interface ExportProgress extends Envelope {
  type: "export_progress";
  /** the export job */
  job_id: string;
  /** the photograph */
  photo_id: number;
  /** the preset, as it was called when the job was made */
  preset_name: string;
  /** 0 to 100 percent */
  progress: number;
}

/** An export begins, here or where a client renders. */
export interface ExportStarted extends Envelope {
  type: "export_started";
  /** the export job */
  job_id: string;
  /** the photograph */
  photo_id: number;
  /** the preset, as it was called when the job was made */
  preset_name: string;
  /** the preset's folder */
  destination: string;
}

/** A batch import goes on: several times a second, and when it ends. */
export interface ImportProgress extends Envelope {
  type: "import_progress";
  /** the batch, as its answer names it */
  import_id: string;
  /** files that are imported, refused or found to be duplicates */
  files_done: number;
  /** files of the batch */
  files_total: number;
  /** bytes of the files that are done and of those being copied */
  bytes_done: number;
  /** bytes of all files that can be read */
  bytes_total: number;
  /** bytes per second since the batch began */
  rate_bytes_per_s: number;
  /** seconds that are left at this rate, null while that cannot be told */
  eta_s: number | null;
}

/** A job was cancelled. */
export interface JobCancelled extends Envelope {
  type: "job_cancelled";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
}

/** A job has succeeded; once for each job. */
export interface JobCompleted extends Envelope {
  type: "job_completed";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** what the executor delivered */
  result: Record<string, unknown>;
  /** true */
  success?: boolean;
  /** seconds that its attempt took */
  duration?: number;
}

/** There is a new job. */
export interface JobCreated extends Envelope {
  type: "job_created";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** 1 to 10, higher is more urgent */
  priority: number;
}

/** A job has failed and has no attempt left. */
export interface JobFailed extends Envelope {
  type: "job_failed";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** why, as a sentence */
  error_message: string;
  /** whatever the executor adds */
  error_details: Record<string, unknown>;
  /** false */
  success?: boolean;
  /** what the executor delivered all the same */
  result?: Record<string, unknown>;
  /** seconds that its attempt took */
  duration?: number;
}

/** A running job has got further. */
export interface JobProgress extends Envelope {
  type: "job_progress";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph */
  photo_id?: number | null;
  /** what is being done */
  stage: string;
  /** 0 to 100, in percent */
  progress: number;
  /** a sentence; may be empty */
  message: string;
  /** whatever the executor adds */
  details?: Record<string, unknown>;
  /** seconds until the end, once that can be estimated */
  eta_s?: number;
}

/** A job waits again: an attempt failed or was lost, or somebody began it anew. */
export interface JobRequeued extends Envelope {
  type: "job_requeued";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** the attempt that has ended; 0: it had none */
  attempt: number;
  /** why it waits again */
  reason: string;
  /** when it may begin again; null: at once */
  due_at: string | null;
}

/** An attempt of a job has begun. */
export interface JobStarted extends Envelope {
  type: "job_started";
  /** the job, 32 hex digits */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** what Lightroom says of the photograph */
  photo_info?: Record<string, unknown>;
}

/** A photograph has got its scores. */
export interface PhotoAnalyzed extends Envelope {
  type: "photo_analyzed";
  /** the photograph */
  photo_id: number;
  /** overall score, 1 (worst) to 5 (best); null where only partial scores are known */
  ai_score: number | null;
  /** focus_score, exposure_score, composition_score; each may be null */
  analysis_results: Record<string, unknown>;
}

/** A person has approved a photograph. */
export interface PhotoApproved extends Envelope {
  type: "photo_approved";
  /** the photograph */
  photo_id: number;
  /** its session, null where it has none */
  session_id: number | null;
}

/** A photograph is in the library. */
export interface PhotoImported extends Envelope {
  type: "photo_imported";
  /** the photograph */
  photo_id: number;
  /** its session, null where it has none */
  session_id: number | null;
  /** name of the file in the library */
  file_name: string;
  /** absolute path of the file in the library */
  file_path: string;
}

/** Lightroom tells what it knows of a job's photograph. */
export interface PhotoInfo extends Envelope {
  type: "photo_info";
  /** the job, as named */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** what Lightroom knows of the photograph */
  photo_data: Record<string, unknown>;
  /** when, by the clock of Lightroom's machine */
  sent_at?: string;
}

/** A person has rejected a photograph. */
export interface PhotoRejected extends Envelope {
  type: "photo_rejected";
  /** the photograph */
  photo_id: number;
  /** its session, null where it has none */
  session_id: number | null;
  /** why, as the person said; may be empty */
  reason: string;
}

/** A photograph has got a context tag or a preset. */
export interface PhotoSelected extends Envelope {
  type: "photo_selected";
  /** the photograph */
  photo_id: number;
  /** what the photograph shows */
  context_tag: string | null;
  /** the preset it will be developed with */
  selected_preset: string | null;
}

/** A waiting job's priority has changed. */
export interface PriorityChanged extends Envelope {
  type: "priority_changed";
  /** the job, 32 hex digits */
  job_id: string;
  /** 1 to 10 */
  old_priority: number;
  /** 1 to 10, higher is more urgent */
  new_priority: number;
  /** who or what changed it */
  reason: string;
}

/** Lightroom tells what a job has cost. */
export interface ProcessingMetrics extends Envelope {
  type: "processing_metrics";
  /** the job, as named */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** numbers of the job: times, memory */
  metrics: Record<string, unknown>;
  /** when, by the clock of Lightroom's machine */
  sent_at?: string;
}

/** The number of jobs in some state has changed. */
export interface QueueStatus extends Envelope {
  type: "queue_status";
  /** jobs that wait */
  pending: number;
  /** jobs that somebody does */
  processing: number;
  /** jobs that succeeded */
  completed: number;
  /** jobs that have no attempt left */
  failed: number;
  /** all jobs, the cancelled ones too */
  total: number;
}

/** A resource of the machine has reached its limit. */
export interface ResourceWarning extends Envelope {
  type: "resource_warning";
  /** cpu, memory, gpu or disk */
  resource_type: string;
  /** percent; degrees Celsius of a gpu */
  current_value: number;
  /** the limit that was reached, in the same unit */
  threshold: number;
  /** a sentence for a person */
  message: string;
}

/** A session's status has become completed. */
export interface SessionCompleted extends Envelope {
  type: "session_completed";
  /** the session */
  session_id: number;
  /** name of the session */
  session_name: string;
  /** photographs in the session */
  total_photos: number;
  /** those that are approved */
  approved_photos: number;
  /** approved of total, 0 to 100 with two decimals */
  approval_rate: number;
}

/** There is a new session. */
export interface SessionCreated extends Envelope {
  type: "session_created";
  /** the session */
  session_id: number;
  /** name of the session */
  session_name: string;
  /** folder that its photographs come from */
  import_folder: string;
}

/** A session and the rows of its photographs are gone. */
export interface SessionDeleted extends Envelope {
  type: "session_deleted";
  /** the session */
  session_id: number;
  /** name of the session */
  session_name: string;
}

/** A session's status, name or counters have changed. */
export interface SessionUpdated extends Envelope {
  type: "session_updated";
  /** the session */
  session_id: number;
  /** photographs in the session */
  total_photos: number;
  /** those that are completed, failed or rejected */
  processed_photos: number;
  /** processed of total, 0 to 100 with two decimals; 0 where there are none */
  progress_percent: number;
  /** importing, selecting, developing, exporting or completed */
  status: string;
}

/** Lightroom has ended one stage of a job. */
export interface StageCompleted extends Envelope {
  type: "stage_completed";
  /** the job, as named */
  job_id: string;
  /** its photograph, null where none */
  photo_id: number | null;
  /** what is done */
  stage: string;
  /** what came of it */
  result: Record<string, unknown>;
  /** when, by the clock of Lightroom's machine */
  sent_at?: string;
}

/** The host has started, or its processing has. */
export interface SystemStatus extends Envelope {
  type: "system_status";
  /** running, paused, resumed, batch_started, batch_paused, batch_resumed, … */
  status: string;
  /** what belongs to the status */
  details: Record<string, unknown>;
}

/** Each event type by its name. */
export interface EventMap {
  approval_queue_updated: ApprovalQueueUpdated;
  batch_progress: BatchProgress;
  config_changed: ConfigChanged;
  error_occurred: ErrorOccurred;
  export_completed: ExportCompleted;
  export_failed: ExportFailed;
  export_progress: ExportProgress;
  export_started: ExportStarted;
  import_progress: ImportProgress;
  job_cancelled: JobCancelled;
  job_completed: JobCompleted;
  job_created: JobCreated;
  job_failed: JobFailed;
  job_progress: JobProgress;
  job_requeued: JobRequeued;
  job_started: JobStarted;
  photo_analyzed: PhotoAnalyzed;
  photo_approved: PhotoApproved;
  photo_imported: PhotoImported;
  photo_info: PhotoInfo;
  photo_rejected: PhotoRejected;
  photo_selected: PhotoSelected;
  priority_changed: PriorityChanged;
  processing_metrics: ProcessingMetrics;
  queue_status: QueueStatus;
  resource_warning: ResourceWarning;
  session_completed: SessionCompleted;
  session_created: SessionCreated;
  session_deleted: SessionDeleted;
  session_updated: SessionUpdated;
  stage_completed: StageCompleted;
  system_status: SystemStatus;
}
