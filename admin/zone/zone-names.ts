/**
 * Cities that browsers still call by a name they had once, and what they are called now. Which name a browser lists depends on its
 * kind and age; both mean the same zone to all of them and to the server. `tests/unit/zone-search.test.ts` sees what is missing.
 */
const renamed: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/** What a zone is called now: "Asia/Kolkata" for "Asia/Calcutta". */
export function currentName(zone: string): string {
  return renamed[zone] ?? zone;
}

/** The other names of a zone that was renamed. */
export function otherNames(zone: string): string[] {
  const current = currentName(zone);
  const former = Object.keys(renamed).filter((name) => renamed[name] === current);
  return [current, ...former].filter((name) => name !== zone);
}

/** The zone's city as people say it: "America/Sao_Paulo" is "Sao Paulo". */
export function cityOf(zone: string): string {
  return currentName(zone).split("/").at(-1)?.replaceAll("_", " ") ?? zone;
}
