// @ts-check
// Names as people write them, and what finds them. Folded = NFKD, Unicode full case folding, combining
// marks dropped, on both sides.

/**
 * @typedef {object} Writing
 * @property {string} name as it is written
 * @property {string} query
 * @property {string[] | undefined} marks what is to be highlighted; undefined when it is not found
 * @property {string} why
 */

/** @type {[why: string, name: string, query: string, marks: string[] | undefined][]} */
const ROWS = [
  ['case does not count', 'Zoe Miller', 'ZOE miller', ['Zoe', 'Miller']],
  ['ß is ss', 'Große Straße', 'strasse', ['Straße']],
  ['ss is ß', 'STRASSE', 'straße', ['STRASSE']],
  ['ß is found by SS', 'weiß', 'WEISS', ['weiß']],
  ['the capital ẞ is ss', 'GROẞ', 'gross', ['GROẞ']],
  ['a word may end within ß', 'Fußball', 'fus', ['Fuß']],
  ['a word may begin within ß', 'Fußball', 'sball', ['ßball']],
  ['İ is i', 'İstanbul', 'istanbul', ['İstanbul']],
  ['i is İ', 'istanbul', 'İSTANBUL', ['istanbul']],
  ['I is i in every language', 'DİYARBAKIR', 'diyarbakir', ['DİYARBAKIR']],
  ['ı is not i', 'Diyarbakır', 'diyarbakir', undefined],
  ['I is not ı', 'IRMAK', 'ırmak', undefined],
  ['ı is ı', 'Ağrı Dağı', 'agrı', ['Ağrı']],
  ['accents do not count in the name', 'Crème Brûlée', 'creme brulee', ['Crème', 'Brûlée']],
  ['accents do not count in the query', 'Creme', 'CRÈME', ['Creme']],
  ['composed finds decomposed', 'e\u0301tude', 'étude', ['e\u0301tude']],
  ['decomposed finds composed', 'Étude', 'e\u0301tude', ['Étude']],
  ['several marks on a letter do not count', 'Nguyễn Thế', 'nguyen the', ['Nguyễn', 'Thế']],
  ['đ is a letter, not a mark', 'Đặng', 'dang', undefined],
  ['Đ is đ', 'Đặng', 'đang', ['Đặng']],
  ['ł is a letter, not a mark', 'Łódź', 'lodz', undefined],
  ['Ł is ł', 'Łódź', 'łodz', ['Łódź']],
  ['the sign Å is a letter with a mark', '\u212bngström', 'angstrom', ['\u212bngström']],
  ['the final sigma is a sigma', 'Ελλάς', 'ΕΛΛΑΣ', ['Ελλάς']],
  ['a Greek accent does not count', 'Αθήνα', 'αθηνα', ['Αθήνα']],
  ['й is и with a mark', 'Сергей', 'сергеи', ['Сергей']],
  ['ё is е with a mark', 'Алёна', 'АЛЕНА', ['Алёна']],
  ['ї is і with a mark', 'Київ', 'КИІВ', ['Київ']],
  ['a ligature is its letters', 'ﬁnance', 'finance', ['ﬁnance']],
  ['letters find a ligature', 'office', 'oﬃce', ['office']],
  ['the Armenian ligature is two letters', 'Երևան', 'երեւան', ['Երևան']],
  ['wide letters are letters', 'ＡＢＣ１２３', 'abc123', ['ＡＢＣ１２３']],
  ['circled and raised digits are digits', 'x² ①②', 'x2 12', ['x²', '①②']],
  ['a mathematical letter is a letter', '𝐇𝐞𝐥𝐥𝐨', 'hello', ['𝐇𝐞𝐥𝐥𝐨']],
  ['case beyond 16 bits does not count', '𐐀𐐁𐐂', '𐐨𐐩𐐪', ['𐐀𐐁𐐂']],
  ['Cherokee has case', 'ᏣᎳᎩ', 'ꮳꮃꭹ', ['ᏣᎳᎩ']],
  ['Georgian has case', 'ᲗᲑᲘᲚᲘᲡᲘ', 'თბილისი', ['ᲗᲑᲘᲚᲘᲡᲘ']],
  [
    'the Kelvin sign is k, the long s is s',
    '\u212aelvin Waſſer',
    'kelvin wasser',
    ['\u212aelvin', 'Waſſer'],
  ],
  ['Chinese matches from any part', '我在北京工作', '北京', ['北京']],
  ['one Chinese character is enough', '我在北京工作', '京', ['京']],
  ['Chinese in another order is another', '我在北京工作', '京北', undefined],
  ['traditional is not simplified', '東京', '东京', undefined],
  ['a compatibility ideograph is its own', '\uf900', '\u8c48', ['\uf900']],
  ['half-wide kana are kana', 'ﾊﾟｿｺﾝ', 'パソコン', ['ﾊﾟｿｺﾝ']],
  ['a voice mark does not count', 'ガラス', 'カラス', ['ガラス']],
  ['hiragana is not katakana', 'さくら', 'サクラ', undefined],
  ['Hangul matches from any part', '대한민국 서울', '민국', ['민국']],
  ['Hangul decomposed is Hangul', '서울', '서울'.normalize('NFD'), ['서울']],
  ['a syllable that is not finished finds', '한국어', '하', ['한']],
  ['Hangul in two words, any order', '김철수 고객', '고객 김', ['김', '고객']],
  ['Arabic vowel marks do not count', 'مُحَمَّد', 'محمد', ['مُحَمَّد']],
  ['an alef with hamza is an alef', 'أحمد علي', 'احمد', ['أحمد']],
  ['a presentation form is its letter', 'ﻣﺤﻤﺪ', 'محمد', ['ﻣﺤﻤﺪ']],
  ['Arabic matches from any part', 'القاهرة', 'قاهر', ['قاهر']],
  ['Hebrew points do not count', 'שָׁלוֹם', 'שלום', ['שָׁלוֹם']],
  ['Devanagari finds itself', 'हिन्दी भाषा', 'हिन्दी', ['हिन्दी']],
  ['Thai matches from any part', 'กรุงเทพมหานคร', 'เทพ', ['เทพ']],
  ['an emoji is a word', 'Party 🎉 tonight', '🎉', ['🎉']],
  ['a variation selector does not count', 'love ❤\ufe0f you', '❤', ['❤\ufe0f']],
  ['digits match from any part', 'Order 471123', '7112', ['7112']],
  ['punctuation is part of a word', 'Anna-Maria', 'a-m', ['a-M']],
  ['a hyphen separates no words', 'Anna Maria', 'anna-maria', undefined],
  ['a comma separates no words', 'Anna Maria', 'anna,maria', undefined],
  ['an apostrophe is part of a word', "Conan O'Brien", "o'br", ["O'Br"]],
  ['an address is one word', 'ann@example.com', '@EXAMPLE.', ['@example.']],
  ['an underline is part of a word', 'snake_case', 'e_c', ['e_c']],
  ['a wide space separates words', 'Anna Maria', 'maria\u3000anna', ['Anna', 'Maria']],
  [
    'a space that does not break separates words',
    'Anna Maria',
    'maria\u00a0anna',
    ['Anna', 'Maria'],
  ],
  ['tabs and line ends separate words', 'Anna Maria', '\tmaria\r\nanna\n', ['Anna', 'Maria']],
  ['a wide space in the name separates words', 'Anna\u3000Maria', 'annamaria', undefined],
  ['words in any order', 'one two three', 'three one two', ['one', 'two', 'three']],
  ['several words all have to match', 'one two three', 'one four', undefined],
  ['a word matches at the start', 'Hannah', 'han', ['Han']],
  ['a word matches in the middle', 'Hannah', 'ann', ['ann']],
  ['a word matches at the end', 'Hannah', 'nah', ['nah']],
  ['one letter is enough', 'Quebec', 'q', ['Q']],
  ['two words may match the same place', 'Hannah', 'ann hannah', ['Hannah']],
  ['a word is not put together from two', 'abcd bcde', 'abcde', undefined],
  ['its pieces in a word are not the word', 'abcdxbcde', 'abcde', undefined],
  ['a longer word than the name’s is not found', 'Ann', 'anna', undefined],
];

/** @type {Writing[]} */
export const WRITINGS = ROWS.map(([why, name, query, marks]) => ({ why, name, query, marks }));

/** Queries without a word. */
export const BLANK = ['', ' ', '\u3000', '\t\r\n', '\u00a0 \u2003\u2028'];
