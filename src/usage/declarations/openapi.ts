/** The tags of the OpenAPI document, with what each one stands for. */
export const usageTags = {
  usage: 'Sessions, counted in any time zone.',
};
