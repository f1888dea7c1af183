/**
 * Names of people and places as files of contacts hold them, by who writes in one of the old alphabets of 256 letters:
 * which letters stand beside each other there tells one alphabet from another.
 */
export const ALPHABET_WORDS = {
  'windows-1252': `
    Müller Schröder Jäger Krüger Schäfer Böhm Köhler König Möller Lübke Größe Groß Weiß Vögel Günther Jürgen Jörg Björn
    Käthe Sören Bärbel Götz Häußler Düsseldorf Köln München Nürnberg Würzburg Lübeck Saarbrücken Göttingen Münster Zürich
    Österreich Straße Hauptstraße Mühlweg für Anschläge Größe Telefonnummer Frühling Überlingen Äpfel Öhringen Süß
    François René André Hélène Élise Étienne Éric Chloé Zoé Noël Joël Gaëlle Françoise Aurélie Céline Cédric Frédéric
    Jérôme Rémi Léa Théo Béatrice Geneviève Hervé Anaïs Benoît Gérard Désirée Lefèvre Béranger Besançon Orléans
    Nîmes Angoulême Évreux Béziers Sète Saint-Étienne Montréal Québec Genève Prénom Société Boîte Âge où été très à côté
    José María Martínez García Rodríguez López Pérez González Hernández Sánchez Ramírez Núñez Muñoz Peña Ibáñez Íñigo
    Ángel Óscar Álvaro Andrés Jesús Raúl Tomás Víctor Iván Joaquín Ramón Lucía Sofía Mónica Verónica Begoña Málaga
    Córdoba Cádiz León Logroño Bogotá Medellín Cúcuta México Mérida Querétaro Perú Año Dirección Teléfono Compañía Español
    Leão Galvão Leitão Brandão Mourão Simão Estêvão João Antônio António Conceição Gonçalves Magalhães Guimarães Simões Araújo Inês Luís Patrícia Cláudia Márcia Otávio
    Sérgio Fábio Vinícius Mônica Débora Flávia São Paulo Brasília Goiânia Florianópolis Maceió Belém Macapá Cuiabá Ceará
    Paraná Endereço Não Avó Bragança Évora Covilhã Niccolò Nicolò Forlì Cefalù Città Perché Così Più Università Cantù
    Åsa Håkan Mårten Göran Sjöberg Åkesson Öberg Lindström Sjögren Björk Söderberg Bergström Nyström Malmö Göteborg
    Västerås Örebro Linköping Jönköping Umeå Gävle Växjö Luleå Åre Norrköping Högskolan Jørgen Søren Bjørn Øyvind Håkon
    Åse Østergaard Sørensen Jørgensen Kjær Nørgaard Mørk Ærø Tromsø Bodø Ålesund København Århus Ålborg Næstved Østfold
    Sæther Bråten Hämäläinen Mäkelä Mäkinen Jyväskylä Hyvinkää Päivi Väinö Jäähalli Pöyry Järvinen Seinäjoki Määttä
    Þór Guðrún Jóhann Sigurður Ólafur Þorsteinn Hafnarfjörður Ísafjörður Kópavogur Garðabær Friðrik Jónsdóttir Steinþór
    Gunnþór Ýmir Halldóra Ægir Daniël Zoë Michaël Noëlle Coöperatie Curaçao Lluís Núria Òscar Lleó`,
  'windows-1250': `
    Łukasz Michał Paweł Wałęsa Wójcik Kamiński Wiśniewski Kowalczyk Zieliński Szymański Woźniak Dąbrowski Kozłowski
    Jabłoński Król Wróbel Piotr Małgorzata Stanisław Władysław Bolesław Żaneta Zdzisław Sławomir Grażyna Bożena Elżbieta
    Łódź Kraków Poznań Gdańsk Wrocław Białystok Częstochowa Rzeszów Toruń Bielsko-Biała Świętokrzyskie Żory Śląsk Łomża
    Imię Nazwisko Województwo Ulica Książka Źródło Ćwikła Śmigiel Błażej Bartłomiej Jóźwiak Górski Głowacki Kądziela
    Jiří Tomáš Lukáš Matěj Ondřej Vojtěch František Zdeněk Luděk Aleš Miloš Pavlína Kateřina Lenka Věra Božena Růžena
    Novák Svoboda Dvořák Černý Procházka Kučera Veselý Novotný Němec Pokorný Růžička Beneš Fiala Sedláček Doležal Zeman
    Kolář Čermák Říha Šťastný Žižka Brno Plzeň České Budějovice Olomouc Ústí nad Labem Hradec Králové Liberec Zlín Děčín
    Příjmení Jméno Město Přerov Třebíč Žďár Šumperk Čáslav Ťapka Jeřábková Horáková Nováková Krásná Hájek Říčany Dvůr
    Ľuboš Štefan Ján Peter Košice Žilina Prešov Trenčín Bratislava Nitra Banská Bystrica Piešťany Kráľ Hudák Kováč Ďurica
    Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Balogh Farkas Juhász Papp Takács Szűcs Lakatos László István
    József György Gábor Zoltán Ferenc Péter András Tamás Dániel Ádám Ágnes Éva Ildikó Zsófia Erzsébet Szőke Gergő Győző
    Jenő Ernő Dezső Rezső Hegedűs Erdős Erdő Mező Mezőkövesd Kőszeg Kővári Kő Főtér Fő utca Fűzesi Gyűrű Szőnyi Tűzkő
    Török Vörös Böröcz Dömötör Gönc Zöld Völgyi Köves Sándor Ócsa Makó Érdi Bükk Sümegi Űrhida Hűs Nőtincs Bőcs
    Csörgő Hűvösi Bíró Győr Pécs Székesfehérvár Nyíregyháza Kecskemét Szombathely Veszprém Eger Debrecen Miskolc Bősze Fűzfő Cső Város Őri
    Ţepeş Ştefan Ionuţ Răzvan Bogdan Mădălina Cătălin Gheorghiţă Bălan Mureşan Popa Stănescu Dumitraşcu Iaşi
    Timişoara Braşov Constanţa Piteşti Ploieşti Târgu Mureş Bacău Râmnicu Vâlcea Botoşani Galaţi Judeţ Oraş Numărul Ţară
    Željko Živko Đorđe Đurđević Marković Petrović Jovanović Horvat Babić Marić Jurić Novaković Kovačević Perić Šimić Ćosić
    Čović Zagreb Šibenik Čakovec Požega Karlovac Niš Čačak Kraljevo Užice Maja Krešimir Zvonimir Hrvoje Saša Dragiša Žužul
    Košir Župančič Kovač Potočnik Škof Čuk Janež Maribor Celje Kočevje Škofja Loka Šoštanj`,
  'windows-1254': `
    Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan
    Şimşek Polat Özçelik Korkmaz Çakır Erdoğan Güneş Aksoy Bulut Keskin Turan Güler Avcı Işık Ünal Taş Coşkun Gök Türk
    Yalçın Bozkurt Tekin Güngör Uçar Kılınç Şen Ateş Tunç Sarı Karataş Ağca Yiğit Başaran Doğru Özgür Uğur Çağlar Çağrı
    Mustafa Ahmet Hüseyin İbrahim İsmail Ömer Özlem Ayşe Fatma Emine Hatice Zeynep Elif Şerife Gülsüm Hülya Tuğba Büşra
    Şeyma Özge Çiğdem Gülay Sevgi İrem Işıl Pınar Ayşegül Oğuz Oğuzhan Barış Tolga Cüneyt Gökhan Gökçe Serdar Volkan Özer
    İlker İlknur Kadir Nazlı Yağmur Müge Ümit Şükrü Çınar İpek Tuğçe İstanbul İzmir Diyarbakır Eskişehir Şanlıurfa Muğla
    Balıkesir Kahramanmaraş Elazığ Uşak Iğdır Ağrı Kırşehir Niğde Nevşehir Çanakkale Çorum Çankırı Aydın Kütahya Tekirdağ
    Karabük Bartın Şırnak Adıyaman Gümüşhane Beşiktaş Kadıköy Üsküdar Şişli Beyoğlu Adı Soyadı Şehir İlçe Doğum Müşteri`,
  'windows-1251': `
    Иванов Петров Сидоров Смирнов Кузнецов Попов Васильев Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев
    Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев
    Иванова Смирнова Кузнецова Васильева Александр Сергей Дмитрий Алексей Андрей Максим Евгений Иван Михаил Николай Юрий
    Владимир Павел Роман Олег Игорь Денис Антон Виктор Пётр Анна Мария Елена Ольга Наталья Татьяна Екатерина Ирина Юлия
    Светлана Людмила Галина Валентина Анастасия Ксения Дарья Москва Санкт-Петербург Новосибирск Екатеринбург Казань Самара
    Челябинск Омск Ростов-на-Дону Уфа Красноярск Пермь Воронеж Волгоград Саратов Тюмень Ижевск Барнаул Хабаровск Ярославль
    Владивосток Иркутск Томск Кемерово Рязань Тула Имя Фамилия Город Телефон Почта Адрес Отчество область улица Компания
    Шевченко Бондаренко Ткаченко Коваленко Кравченко Олійник Поліщук Мельник Марія Андрій Сергій Юрій Оксана Наталія Юлія
    Іван Ірина Київ Харків Одеса Дніпро Львів Запоріжжя Кривий Ріг Миколаїв Вінниця Чернівці Івано-Франківськ Хмельницький
    Прізвище Місто Зв'язок Євген Їжакевич Георги Димитър Стоян Християн Цветан Бързак Пловдив Търново Бургас Русе Стара
    Загора Иванчев Ђорђе Јован Љубица Његош Чачак Крагујевац Нови Сад Ниш Шабац Јовановић Џон`,
  'windows-1253': `
    Παπαδόπουλος Παπαδοπούλου Γεωργίου Νικολάου Δημητρίου Κωνσταντίνου Ιωάννου Αντωνίου Βασιλείου Χριστοδούλου Οικονόμου
    Καραγιάννης Μακρής Αθανασίου Γιώργος Γεώργιος Ιωάννης Γιάννης Κωνσταντίνος Κώστας Δημήτρης Νίκος Νικόλαος Παναγιώτης
    Βασίλης Χρήστος Αθανάσιος Μιχάλης Σπύρος Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Αγγελική Γεωργία Δήμητρα Ειρήνη Άννα
    Ευαγγελία Φωτεινή Ζωή Χριστίνα Αθήνα Θεσσαλονίκη Πάτρα Πειραιάς Λάρισα Ηράκλειο Βόλος Ιωάννινα Καβάλα Σέρρες Χανιά
    Ρόδος Κέρκυρα Λευκωσία Λεμεσός Όνομα Επώνυμο Πόλη Τηλέφωνο Διεύθυνση οδός Έφη Ήβη Ώρα Ύδρα Ξάνθη Ψαρά Ζάκυνθος`,
} as const;
