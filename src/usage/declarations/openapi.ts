/** Tags in the OpenAPI document, with their descriptions. */
export const usageTags = {
  usage: 'Sessions, counted in any time zone.',
};
