/* The events of a Junmai host, written by `junmai codegen ts` from what its plugins declare.
 * Write it again rather than change it. */

export type Channel =
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

/** Each event type by its name. */
export interface EventMap {
  error_occurred: ErrorOccurred;
}
