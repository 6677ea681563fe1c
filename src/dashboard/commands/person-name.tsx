// A person by name, or by id for as long as the name is not known.
import { nameIn, useColleagues } from './people';

export function PersonName({ id }: { id: string }) {
  return <>{nameIn(useColleagues(), id)}</>;
}
