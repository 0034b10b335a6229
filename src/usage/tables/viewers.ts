import type { Cell, Column } from '../../platform/http/formats/table.ts';
import { type CountedViewers, readMeasures } from '../measures/measures.ts';

/** Returns the last columns of a table whose request contains the measure `uniqueViewers`. */
export function viewerColumns({ measures }: { readonly measures?: string | undefined }): Column[] {
  if (!readMeasures(measures).has('uniqueViewers')) return [];
  return [{ name: 'uniqueViewers' }, { name: 'approximate' }];
}

/** Returns the cells of {@link viewerColumns}. Empty if viewers are not counted. */
export function viewerCells({ uniqueViewers }: CountedViewers, approximate: boolean | undefined): Cell[] {
  return approximate === undefined ? [] : [uniqueViewers ?? 0, approximate];
}
