import junit, { type Builder } from "junit-report-builder";

/** The package's types speak of an ES module with a default export; what it exports is CommonJS's whole. Takes 0.2 s to load:
 *  to be imported only for those who ask. */
export const junitBuilder = junit as unknown as Builder;
