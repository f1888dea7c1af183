import fc from 'fast-check';
import type { OldEncoding } from '../../src/encodings/encodings.js';

/** Who is in a file of contacts in one country: titles of columns, first and last names, places. */
export interface People {
  language: string;
  encodings: readonly OldEncoding[];
  titles: string;
  first: string;
  last: string;
  places: string;
}

export const PEOPLE: People[] = [
  {
    language: 'German',
    encodings: ['windows-1252'],
    titles: 'E-Mail Vorname Nachname Stadt',
    first: 'Jörg Jürgen Günter Käte Bärbel Anna Lukas Sören Björn Thomas Sabine Müjde Rüdiger Hölger Gönül',
    last: 'Müller Schäfer Weiß Großmann Köhler Böttcher Strauß Kühn Meyer Schmidt Jäkel Löffler Schütz Grün Bäcker',
    places: 'München Köln Lüneburg Düren Fürth Görlitz Tübingen Nördlingen Gießen Münster Würselen Böblingen Kürten',
  },
  {
    language: 'French',
    encodings: ['windows-1252'],
    titles: 'Courriel Prénom Nom Ville',
    first: 'Élodie Stéphane Amélie Médéric Valérie Anaël Clémence Loïc Maïté Gaël Raphaël Régis Agnès Jérémie Zélie',
    last: 'Bérard Lévêque Gauthier Mézière Prévost Chrétien Crémieux Lemoîne Noé Forêt Bézier Mérieux Thébault Gérôme',
    places: 'Orléans Périgueux Épinal Nîmes Chambéry Béthune Alès Vénissieux Créteil Sète Mâcon Châlons Saint-Malô',
  },
  {
    language: 'Spanish',
    encodings: ['windows-1252'],
    titles: 'Correo Nombre Apellido Población',
    first: 'José Inés Ángela Germán Félix Rubén Nicolás Rocío Belén Concepción Cristóbal Hernán Moisés Asunción Íñigo',
    last: 'Ordóñez Gutiérrez Vázquez Jiménez Domínguez Suárez Castaño Márquez Bermúdez Millán Marín Avilés Nuñez Peñalver',
    places: 'Cáceres Almería Ávila Alcorcón Móstoles Castellón Leganés Gijón Cartagena Jaén Torrejón Alcalá Logroño',
  },
  {
    language: 'Portuguese',
    encodings: ['windows-1252'],
    titles: 'E-mail Nome Sobrenome Município',
    first: 'João Antônia Sebastião Júlia Letícia Ângela Estêvão Cecília Mário Natália Thaís Lívia Damião Heloísa Zé',
    last: 'Gonçalves Falcão Romão Leitão Assunção Brandão Mourão Frazão Galvão Lourenço Araújo Conceição Patrício Sá',
    places: 'São-Luís Vitória Jundiaí Niterói Uberlândia Criciúma Maringá Guimarães Setúbal Fundão Portimão Viseu-Sé',
  },
  {
    language: 'Swedish',
    encodings: ['windows-1252'],
    titles: 'E-post Förnamn Efternamn Ort',
    first: 'Åke Mårten Göte Kjäll Pär Bodil-Märta Håkan Örjan Vårika Sören Lögan Björn Märta Tåre Ängla',
    last: 'Åberg Lövgren Nordström Sjölander Öhman Hägg Almström Fält Hårdh Söderman Böök Ström Åström Ekström Grönlund',
    places: 'Skövde Borås Östersund Södertälje Mölndal Nässjö Åmål Härnösand Trelleborgså Sandviköre Älmhult Höganäs',
  },
  {
    language: 'Norwegian and Danish',
    encodings: ['windows-1252'],
    titles: 'E-post Fornavn Etternavn Sted',
    first: 'Bjørn Jørn Bård Pål Gøran Sølvi Øystein Lærke Åge Tærje Jørund Bjørg Sæbjørn Kåre Tønnes',
    last: 'Sørlie Bjørnstad Lødrup Nygård Skjærvø Hørnes Brøndum Østby Møller Bækgaard Høyer Kjærgaard Nørregaard Fjærli',
    places: 'Tønsberg Hønefoss Brønnøysund Køge Nørresundby Helsingør Rødovre Hamarøy Harstadbø Sønderborg Lillestrøm',
  },
  {
    language: 'Polish',
    encodings: ['windows-1250'],
    titles: 'E-mail Imię Nazwisko Miejscowość',
    first: 'Łucja Rafał Gaweł Wiesław Jarosław Zdzisława Józef Paweł Mirosław Bogusław Bożydar Błażej Przemysław Róża',
    last: 'Pająk Gołębiewski Pawłowski Sikorą Włodarczyk Cieślak Szczepański Chmielińska Kołodziej Duszyński Ślusarek Żak',
    places:
      'Łomianki Zamość Chełm Przemyśl Jarosław Grudziądz Elbląg Słupsk Tarnów-Łąki Koło Śrem Mińsk Zgórze Wieliczką',
  },
  {
    language: 'Czech',
    encodings: ['windows-1250'],
    titles: 'E-mail Jméno Příjmení Obec',
    first: 'Jiřina Přemysl Radoš Bořek Eliška Blažena Štěpán Miloš Žofie Řehoř Vladimír Ladislav Tereška Ježek Ctiboř',
    last: 'Říčař Vaněk Šimek Brož Hruška Kadeřábek Mráček Beránek Doležel Zahrádka Součková Kříž Vlček Ševčík Bláha',
    places:
      'Třinec Poděbrady Litoměřice Příbram Kutná-Hora Žatec Mělník Hodonín Břeclav Kroměříž Náchod Vyškov Šternberk',
  },
  {
    language: 'Hungarian',
    encodings: ['windows-1250'],
    titles: 'E-mail Keresztnév Vezetéknév Város',
    first: 'Győző Zsófi Böske Szilárd Gergő Kálmán Jenő Ernő Dezső Csőge Erzsők Bendegúz Hűség Ödön Űrsula',
    last: 'Dobó Szőllősi Gyüre Vörösmarty Kőszegi Mező Erdős Fűzi Dőry Pető Sőregi Győri Bíró Hegedűs Szűts',
    places: 'Gödöllő Érd Szentendrő Hódmező Makó Tőketerebes Sümeg Keszthely-Fő Fertőd Kőszeg Mezőtúr Balatonfűz Szőny',
  },
  {
    language: 'Romanian',
    encodings: ['windows-1250'],
    titles: 'E-mail Prenume Nume Localitate',
    first: 'Ştefania Măriuca Dănuţ Gheorghiţa Ioniţă Petruţa Cătălina Răducu Nuţa Luminiţa Săndica Mihăiţă Costică',
    last: 'Văcărescu Bălănescu Cârţan Niţă Grigoraş Mărgineanu Ţuţea Pârvulescu Bârlădeanu Şerbănescu Puşcaşu Drăgan',
    places: 'Bistriţa Reşiţa Căluş Făgăraş Sighişoara Târgovişte Focşani Mediaş Vişeu Bârlad Orşova Slănic Ţăndărei',
  },
  {
    language: 'Croatian',
    encodings: ['windows-1250'],
    titles: 'E-mail Ime Prezime Mjesto',
    first: 'Željka Duško Šime Krešo Anđela Đuro Živana Mićo Božo Snježana Šefika Jakša Žarko Ljubiša Blaženka',
    last: 'Perišić Čolić Matošić Đokić Žagar Šarić Knežević Bašić Vuković Božić Tomašević Grgić Šuker Brčić Filipović',
    places:
      'Đakovo Šibenik Čabar Vodnjanš Križevci Koprivnička Rušćica Grubišno Bakarčić Vrlička Požega Pašman Klanjeć',
  },
  {
    language: 'Turkish',
    encodings: ['windows-1254'],
    titles: 'E-posta Ad Soyad Şehir',
    first: 'Işıl Gürkan Ayşin Tuğrul Çağan Şenol Nurşen Gülşah Doğuş Yağız Kıvanç Bülent Ülkü İnci Sıla',
    last: 'Akdağ Sağlam Karaoğlu Yavuzoğlu Kırmızı Gündoğdu Şanlı Çalışkan Bayraktaroğlu Ağaoğlu Topçu Başıbüyük İnan',
    places: 'Iğdır Muş Beykoz-Şile Fındıklı Kağıthane Ödemiş Nazilli-Ağa Gebze-Çayırova Bağcılar Sarıyer İnegöl Tarsuş',
  },
  {
    language: 'Russian',
    encodings: ['windows-1251', 'koi8-r'],
    titles: 'Почта Имя Фамилия Город',
    first: 'Артём Вадим Глеб Тимур Борис Лариса Вера Жанна Полина Степан Руслан Эдуард Василиса Никита Любовь',
    last: 'Гусев Киселёв Ершова Щербаков Жуков Цветкова Сорокин Фролова Хохлов Рябов Чернышёв Тихонова Дьячков Юдин',
    places: 'Псков Брянск Сургут Калуга Вологда Череповец Якутск Анадырь Тверь Ульяновск Подольск Химки Чебоксары',
  },
  {
    language: 'Ukrainian',
    encodings: ['windows-1251'],
    titles: "Пошта Ім'я Прізвище Місто",
    first: 'Богдан Тарас Олексій Микола Ганна Соломія Любомир Катерина Василь Надія Їжак Єлизавета Григорій Остап',
    last: 'Петренко Савченко Лисенко Гончаренко Білоус Приходько Дзюба Стеценко Іщенко Шевчук Ковальчук Яременко',
    places: 'Полтава Суми Житомир Рівне Луцьк Ужгород Тернопіль Бердичів Кропивницький Нікополь Біла-Церква Ірпінь',
  },
  {
    language: 'Greek',
    encodings: ['windows-1253'],
    titles: 'Ταχυδρομείο Όνομα Επώνυμο Πόλη',
    first: 'Στέλιος Θανάσης Λευτέρης Κατερίνα Ευγενία Αναστασία Πέτρος Ανδρέας Μάριος Ιουλία Ξένια Ηλίας Φίλιππος',
    last: 'Σταματίου Καζαντζάκης Ρίτσος Ελύτης Λαμπράκη Τσιτσάνης Μπέλλου Θεοδωράκη Ξενάκης Χατζηδάκη Φίλη Δούκας',
    places: 'Τρίκαλα Καλαμάτα Ναύπλιο Κομοτηνή Δράμα Κοζάνη Άρτα Ρέθυμνο Μυτιλήνη Χαλκίδα Λαμία Βέροια Κιλκίς Πύργος',
  },
  {
    language: 'Japanese',
    encodings: ['shift_jis', 'euc-jp'],
    titles: 'メール 名 姓 市',
    first: '陽子 さくら 健一 大輝 拓海 ひろみ 美咲 翔太 直樹 あかり 結愛 まこと 久美子 雅人 俊介 エミ',
    last: '渡辺 五十嵐 久保田 三宅 大塚 松尾 杉山 高木 野口 小野寺 岩崎 今井 藤本 丸山 黒木 飯田',
    places: '横須賀市 堺市 旭川市 長崎市 川口市 八王子市 つくば市 大津市 高松市 松山市 前橋市 宇都宮市 さいたま市',
  },
  {
    language: 'Simplified Chinese',
    encodings: ['gb18030'],
    titles: '邮箱 名字 姓氏 城市',
    first: '志强 美丽 雪梅 子涵 文博 晓明 秀兰 建军 雨桐 佳怡 浩宇 桂英 欣妍 海燕 俊杰 丹',
    last: '王 李 张 刘 欧阳 赵 周 吴 司马 徐 孙 马 朱 诸葛 冯 邓 曾 蒋',
    places: '郑州 长春 南昌 贵阳 温州 珠海 苏州 洛阳 海口 兰州 桂林 扬州 银川 唐山 徐州 泉州',
  },
  {
    language: 'Traditional Chinese',
    encodings: ['big5'],
    titles: '郵件 名字 姓氏 城市',
    first: '雅筑 家瑋 佩珊 淑惠 俊賢 志豪 怡君 麗華 冠宇 佳蓉 美惠 柏翰 宜蓁 正雄 曉雯',
    last: '陳 林 黃 歐陽 吳 蔡 楊 許 鄭 謝 邱 賴 簡 鍾 游 詹',
    places: '台北市 新竹市 嘉義市 屏東縣 苗栗縣 雲林縣 宜蘭縣 九龍 南投縣 基隆市 臺中市 桃園市 觀塘',
  },
  {
    language: 'Korean',
    encodings: ['euc-kr'],
    titles: '메일 이름 성 도시',
    first: '민준 서연 지훈 은정 하은 동현 수진 예진 태호 영수 미경 재현 나영 상우 보라 가람',
    last: '김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 남궁',
    places: '성남시 전주시 원주시 청주시 천안시 진주시 강릉시 여수시 제주시 마포구 용인시 부천시 경주시',
  },
];

const words = (text: string): string[] => text.split(' ');

/** All letters beyond ASCII that names and places of an encoding are written with here. */
export function lettersOf(encoding: string): string[] {
  const texts = PEOPLE.filter(({ encodings }) => (encodings as readonly string[]).includes(encoding));
  const all = texts.flatMap(({ titles, first, last, places }) => Array.from(titles + first + last + places));
  return [...new Set(all)].filter((letter) => letter >= '\u{80}');
}

/** Files of so many rows about people of one country, as spreadsheets write them. */
export function filesOf({ titles, first, last, places }: People, rows: number): fc.Arbitrary<string> {
  const row = fc.tuple(
    fc.constantFrom(...words(first)),
    fc.constantFrom(...words(last)),
    fc.constantFrom(...words(places)),
  );
  return fc
    .record({
      people: fc.array(row, { minLength: rows, maxLength: rows }),
      delimiter: fc.constantFrom(',', ';', '\t'),
      head: fc.constantFrom(words(titles), ['Email', 'FirstName', 'LastName', 'City']),
      isLoud: fc.constantFrom(false, false, false, true),
    })
    .map(({ people, delimiter, head, isLoud }) => {
      const lines = people.map((cells, place) => [`person.${place}@example.com`, ...cells]);
      const text = [head, ...lines].map((cells) => cells.join(delimiter)).join('\r\n');
      return isLoud ? text.toUpperCase() : text;
    });
}
