// Where the hub is: wherever the page came from, also below a path.

/** The address of something of the hub, such as `api/people`. */
export const hubAddress = (path: string): string => new URL(path, new URL('.', document.baseURI)).href;
