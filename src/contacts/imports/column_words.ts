/** What columns are called in files, by what they become; case, accents and punctuation are no matter, and blanks are left out. */
export const COLUMN_WORDS = {
  contactId: 'contactid cid',
  firstName: `
    firstname first givenname forename recipientfirstname vorname prenom nombre nome voornaam fornavn etunimi imie
    imię ime jméno jmeno meno keresztnév prenume adı имя ім'я име όνομα 名 名前 名字 이름`,
  lastName: `
    lastname last surname familyname recipientlastname nachname familienname nomdefamille apellido apellidos cognome
    achternaam sobrenome etternavn sukunimi nazwisko příjmení prijmeni priezvisko prezime vezetéknév familia soyad
    soyadı фамилия прізвище фамилно επώνυμο 姓 苗字 姓氏 성`,
  email: `
    email emailaddress mail mailaddress recipientemail primaryemail workemail emailadresse mailadresse courriel
    adressemail adresseemail correo correoelectronico indirizzoemail emailadres epost sahkoposti eposta почта
    эл.почта пошта имейл ηλεκτρονικήδιεύθυνση メール メールアドレス eメール 電子メール 邮箱 电子邮件 电子邮箱 郵件 電子郵件 電郵 이메일 메일 전자우편`,
  phone: `
    phone phonenumber mobile mobilephone mobilenumber cell cellphone telephone telephonenumber tel telefon
    telefonnummer handy handynummer mobil mobilnummer telefono movil cellulare telefoon portable telefonszám
    τηλέφωνο телефон мобильный 電話 電話番号 携帯 携帯電話 电话 手机 手机号 手機 전화 전화번호 휴대폰`,
  extRef: `
    externaldatareference externalreference externaldataref externalref extref reference referenceid ref`,
  language: 'language lang userlanguage recipientlanguage languagecode sprache langue idioma lingua taal',
  timeZone: 'timezone tz zeitzone fuseauhoraire zonahoraria',
  unsubscribed: 'unsubscribed optedout optout directoryunsubscribed abgemeldet',
  listUnsubscribed: 'listunsubscribed mailinglistunsubscribed listoptedout',
};
