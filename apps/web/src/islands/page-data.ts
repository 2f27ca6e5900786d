/** What the page gave its island. */
export function dataOf<T>(island: string): T {
  const text = document.getElementById(`island-${island}`)?.textContent;
  if (text === null || text === undefined) throw new Error(`the page has no data for ${island}`);
  return JSON.parse(text) as T;
}

/** The element of an id that the page promises. */
export function part<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}
