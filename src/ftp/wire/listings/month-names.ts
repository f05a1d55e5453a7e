/**
 * How servers begin the names of the months, in lower case and without accents: a word that begins with one of these is
 * that month, the longest beginning decides. Where languages disagree the one with more servers wins (`lis` is Polish).
 */
export const monthNames: readonly (readonly string[])[] = [
  // prettier-ignore
  [ // January
    'jan', 'ene', 'gen', 'ian', 'jaan', 'sty', 'led', 'oca', 'tam', 'sij', 'sau', 'xan', 'urt', 'ion', 'yan', 'يناير',
    'янв', 'січ', 'сту', 'яну', 'јан', 'ιαν', 'ינו', 'ม.ค',
  ],
  // prettier-ignore
  [ // February
    'feb', 'fev', 'fbr', 'lut', 'uno', 'sub', 'hel', 'velj', 'vas', 'ots', 'veebr', 'chwe', 'fvr', 'فبراير',
    'фев', 'лют', 'феб', 'φεβ', 'פבר', 'ก.พ',
  ],
  // prettier-ignore
  [ // March
    'mar', 'mrz', 'mrt', 'maa', 'bre', 'ozu', 'kov', 'maerz', 'mac', 'maw', 'مارس',
    'мар', 'бер', 'сак', 'μαρ', 'מרץ', 'มี.ค',
  ],
  // prettier-ignore
  [ // April
    'apr', 'avr', 'abr', 'kwi', 'dub', 'nis', 'huh', 'tra', 'bal', 'api', 'ebr', 'أبريل',
    'апр', 'кві', 'кра', 'απρ', 'אפר', 'เม.ย',
  ],
  // prettier-ignore
  [ // May
    'may', 'mai', 'maj', 'mei', 'mag', 'kve', 'tou', 'svi', 'geg', 'مايو',
    'май', 'мая', 'мај', 'тра', 'маи', 'μαι', 'מאי', 'พ.ค',
  ],
  // prettier-ignore
  [ // June
    'jun', 'juin', 'giu', 'cze', 'cen', 'cerven', 'haz', 'kes', 'iun', 'juuni', 'bir', 'xun', 'eka', 'meh', 'يونيو',
    'июн', 'чер', 'юни', 'јун', 'чэр', 'ιουν', 'יונ', 'มิ.ย',
  ],
  // prettier-ignore
  [ // July
    'jul', 'jui', 'lug', 'lip', 'cec', 'cnc', 'tem', 'hei', 'iul', 'juuli', 'lie', 'xul', 'uzt', 'gor', 'cervenec', 'يوليو',
    'июл', 'лип', 'юли', 'јул', 'ліп', 'ιουλ', 'יול', 'ก.ค',
  ],
  // prettier-ignore
  [ // August
    'aug', 'ag', 'ago', 'aou', 'sie', 'srp', 'agu', 'agt', 'ags', 'elo', 'avg', 'kol', 'rgp', 'rugp', 'abu', 'awst', 'ogo', 'أغسطس',
    'авг', 'сер', 'жні', 'ауг', 'αυγ', 'אוג', 'ส.ค',
  ],
  // prettier-ignore
  [ // September
    'sep', 'set', 'wrz', 'zar', 'eyl', 'syy', 'ruj', 'rgs', 'rugs', 'ira', 'medi', 'sze', 'سبتمبر',
    'сен', 'вер', 'сеп', 'σεπ', 'ספט', 'ก.ย',
  ],
  // prettier-ignore
  [ // October
    'oct', 'okt', 'out', 'ott', 'paz', 'rij', 'eki', 'lok', 'spa', 'urr', 'hyd', 'أكتوبر',
    'окт', 'жов', 'кас', 'οκτ', 'אוק', 'ต.ค',
  ],
  // prettier-ignore
  [ // November
    'nov', 'lis', 'kas', 'noi', 'noe', 'marras', 'lap', 'stu', 'aza', 'tach', 'noy', 'نوفمبر',
    'ноя', 'лис', 'ное', 'нов', 'νοε', 'נוב', 'พ.ย',
  ],
  // prettier-ignore
  [ // December
    'dec', 'dez', 'dic', 'des', 'dis', 'gru', 'pro', 'ara', 'jou', 'dets', 'abe', 'rha', 'ديسمبر',
    'дек', 'гру', 'сне', 'дец', 'δεκ', 'דצמ', 'ธ.ค',
  ],
]
