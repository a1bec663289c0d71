import type { Random } from '../demo/synth/random.ts';

/** Words of one language, and how a title is put together from them. */
interface Tongue {
  /** Share of all names, in parts. */
  parts: number;
  nouns: string;
  adjectives: string;
  /** How an adjective and a noun stand together. */
  join(adjective: string, noun: string): string;
  first: string;
  last: string;
}

const spaced = (a: string, b: string) => `${a} ${b}`;
const turned = (a: string, b: string) => `${b} ${a}`;
const together = (a: string, b: string) => a + b;

/** Written by hand, so that accents, capitals, right-to-left and unspaced scripts all occur; no name is of anybody. */
const TONGUES: Record<string, Tongue> = {
  english: {
    parts: 40,
    nouns:
      'Harbour Lantern Window River Morning Signal Garden Static Mirror Orchard Engine Winter Letter Ocean Shadow Meadow Compass Thunder Feather Station',
    adjectives:
      'Silent Amber Broken Hollow Distant Velvet Burning Paper Electric Golden Restless Faded Northern Borrowed Crooked Weightless',
    join: spaced,
    first: 'Ada Noah Iris Jonas Mara Theo Wren Silas Juno Felix Hazel Otis',
    last: 'Marsh Calder Voss Lindqvist Ashby Renner Quill Hartley Sorrel Vance',
  },
  portuguese: {
    parts: 10,
    nouns: 'Coração Manhã Saudade Canção Janela Maré Estação Vulcão Jardim Sertão Ilusão Pássaro',
    adjectives: 'Azul Distante Antiga Lenta Clandestina Breve Íntima Só',
    join: turned,
    first: 'João Inês Caetana Tomás Lígia Zé',
    last: 'Falcão Simões Araújo Conceição Brandão',
  },
  german: {
    parts: 8,
    nouns: 'Straße Nächte Übermut Föhn Größe Käfer Möwe Frühling Gewässer Glück',
    adjectives: 'Schöne Müde Späte Grüne Leise Weiße Kühle',
    join: spaced,
    first: 'Jörg Käthe Götz Änne Björn Ute',
    last: 'Müller Weiß Schröder Köhler Groß',
  },
  russian: {
    parts: 14,
    nouns: 'Вокзал Берег Снег Ветер Пароход Фонарь Город Дождь Голос Журавль Ёж Свет',
    adjectives: 'Тихий Синий Далёкий Белый Ночной Первый Медный Прошлый',
    join: spaced,
    first: 'Анна Пётр Лев Вера Фёдор Зоя',
    last: 'Соколова Журавлёв Морозова Ветров Щукин',
  },
  greek: {
    parts: 5,
    nouns: 'Θάλασσα Νύχτα Άνοιξη Σελήνη Φωνή Βροχή Πόλη Μνήμη',
    adjectives: 'Ήσυχη Μακρινή Λευκή Παλιά Μικρή Κρυφή',
    join: spaced,
    first: 'Ελένη Νίκος Δάφνη Ορφέας',
    last: 'Παππάς Θαλασσινού Αργυρίου Κήπος',
  },
  japanese: {
    parts: 9,
    nouns: '海辺 夜行列車 花火 手紙 雨音 灯台 星座 金魚 ラジオ すずめ ピアノ 坂道',
    adjectives: '青い 静かな 遠い 白い 小さな 最後の やさしい 透明な',
    join: together,
    first: '葵 蓮 さくら 悠斗 美咲 リン',
    last: '小川 高橋 森田 月島 白石',
  },
  korean: {
    parts: 4,
    nouns: '바다 편지 새벽 기차 별빛 골목 눈사람',
    adjectives: '푸른 조용한 먼 하얀 작은 오래된',
    join: spaced,
    first: '지우 서연 민준 하은',
    last: '김 박 윤 서',
  },
  arabic: {
    parts: 5,
    nouns: 'البحر الليل المدينة القمر الصباح النافذة الطريق',
    adjectives: 'البعيد الأزرق القديم الهادئ الصغير الأخير',
    join: turned,
    first: 'ليلى سامي نور ياسر',
    last: 'الحداد النجار الشامي المصري',
  },
  hebrew: {
    parts: 3,
    nouns: 'הים הלילה הרחוב הירח הבוקר החלון',
    adjectives: 'השקט הרחוק הכחול הישן הקטן',
    join: turned,
    first: 'נועה אורי תמר יונתן',
    last: 'לוי ברק שדה אלון',
  },
  hindi: {
    parts: 2,
    nouns: 'सागर रात चाँद बारिश पत्र सुबह',
    adjectives: 'नीला शांत दूर पुराना छोटा',
    join: spaced,
    first: 'मीरा अर्जुन तारा कबीर',
    last: 'शर्मा वर्मा नायर राय',
  },
};

export type TongueName = keyof typeof TONGUES & string;

const wordsOf = new Map<string, string[]>();
function pick(random: Random, words: string): string {
  let list = wordsOf.get(words);
  if (list === undefined) {
    list = words.split(' ');
    wordsOf.set(words, list);
  }
  return random.pick(list);
}

const BY_PART = Object.entries(TONGUES).flatMap(([name, { parts }]) => Array<string>(parts).fill(name));

/** Returns the language that an artist sings in. */
export function aTongue(random: Random): TongueName {
  return random.pick(BY_PART);
}

function tongueOf(name: TongueName): Tongue {
  return TONGUES[name] as Tongue;
}

/** Returns the title of a song or a record. */
export function aTitle(random: Random, name: TongueName): string {
  const tongue = tongueOf(name);
  const noun = pick(random, tongue.nouns);
  const kind = random.next();
  if (kind < 0.15) return noun;
  const pair = tongue.join(pick(random, tongue.adjectives), noun);
  if (kind < 0.85) return pair;
  if (kind < 0.93) return `${pair} ${random.pick(['II', 'III', 'IV', '№ 5', '1984', '(Reprise)', '— 12"'])}`;
  return `${pair} / ${pick(random, tongue.nouns)}`;
}

/** Returns the name of somebody, or of a band. */
export function aPerformer(random: Random, name: TongueName): string {
  const tongue = tongueOf(name);
  const kind = random.next();
  if (kind < 0.55) return aPerson(random, name);
  const noun = pick(random, tongue.nouns);
  if (kind < 0.75 && name === 'english') return `The ${noun}s`;
  return tongue.join(pick(random, tongue.adjectives), noun);
}

/** Returns the name of a person. */
export function aPerson(random: Random, name: TongueName): string {
  const tongue = tongueOf(name);
  const [first, last] = [pick(random, tongue.first), pick(random, tongue.last)];
  return name === 'japanese' || name === 'korean' ? `${last}${first}` : `${first} ${last}`;
}

/** Genres, those of most records first. */
export const GENRES = [
  ...[
    'Electronic',
    'Rock',
    'Ambient',
    'Indie Folk',
    'Hip-Hop',
    'Jazz',
    'House',
    'Singer-Songwriter',
    'Techno',
  ],
  ...[
    'Metal',
    'Classical',
    'Soul',
    'Drum & Bass',
    'Punk',
    'Dub',
    'Shoegaze',
    'R&B',
    'Synth-Pop',
    'Bossa Nova',
  ],
  ...['Afrobeat', 'Trip-Hop', 'Post-Rock', 'Fado', 'City Pop', 'Krautrock', 'Noise', 'Rebetiko', 'Chanson'],
  ...['Дарквейв', '演歌', 'طرب', 'Klezmer', 'Flamenco', 'Field Recordings', 'Drone', 'Gamelan'],
];

/** Roles in credits. */
export const ROLES = ['producer', 'mix', 'mastering', 'drums', 'bass', 'strings', 'lyrics', 'featured'];
