/** How cell types look, in English: as the taxonomy has it. Part of en.ts. */
export const morphology = {
  /** What a cell type of a taxonomy that comes along looks like, in this language; nothing where the taxonomy speaks it. */
  morphology: (_taxonomy: string, _key: string): string | undefined => undefined,
};
