/**
 * SQL expression for the viewer of a row: the 32 hexadecimal digits of the event. `session_events` stores them as a UUID,
 * whose text has the same digits and four dashes. Version 0.1.0 stored the digits as text, without dashes.
 */
export const storedViewer = "replaceAll(toString(viewer), '-', '')";
