/**
 * SQL expression for the viewer of a row, as 32 hexadecimal digits like in the event. `session_events` stores a
 * viewer as a UUID, whose text has the same digits and four dashes. Version 0.1.0 stored the digits without dashes.
 */
export const storedViewer = "replaceAll(toString(viewer), '-', '')";
