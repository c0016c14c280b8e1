/* Figures for the self-assessment that agree with each other; every other entry is free text. */
export const FIGURES = { V00J: '1 234', V01: '5,5', V03: '12', D21: '10 000', D22: '4000', D23: '6000', D24: '8000', D25: '3500', D26: '4500',
  D27: '12', D28: '2000', D31: '9000', D32: '5000', D33: '4000', D34: '7000', D35: '4500', D36: '2500', P1007: '2000', D41: '500',
  D51: '800', D53: '200' };
