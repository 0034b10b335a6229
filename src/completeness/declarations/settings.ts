import { defineSettings, setting } from '../../platform/settings/define-settings.ts';
import { oneOf } from '../../platform/settings/setting-types.ts';

/** Settings of the watermarks in a cluster. */
export const completenessSettings = defineSettings({
  WATERMARKS: setting(oneOf('true', 'false'), {
    default: 'false',
    doc: 'Whether the gateway publishes watermarks through Kafka, so that usage responses contain `completeThrough`. Set it to `true` after all consumers are upgraded to a version with watermarks.',
  }),
});
