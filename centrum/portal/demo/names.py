"""What the demo's invented people and bodies are called. Nobody here is real."""

from centrum.register.enums import LegalForm as L
from centrum.register.enums import PesType as P

WOMEN = (
    "Anna Barbara Celina Danuta Elżbieta Felicja Grażyna Halina Iwona Jolanta Katarzyna Łucja Małgorzata Natalia "
    "Olga Patrycja Renata Sylwia Teresa Urszula Wanda Zofia Żaneta Beata Dorota Ewa"
).split()
MEN = (
    "Adam Bartosz Cezary Dariusz Edward Feliks Grzegorz Henryk Ireneusz Jacek Krzysztof Łukasz Marek Norbert "
    "Oskar Paweł Rafał Sławomir Tomasz Wiktor Zbigniew Andrzej Damian Emil"
).split()
SURNAMES = (  # one form for all, so that sex needs no ending
    "Baran Bielak Ćwiek Czapla Dąb Drozd Dudek Gajda Głąb Jabłoń Jeż Karaś Kmita Kobus Kos Krzak Kuna Lis Łapa Łoś "
    "Maj Mazur Mika Niedziela Noga Okoń Orzeł Ożóg Pająk Pióro Rak Rosa Ryś Sikora Skiba Sowa Szczygieł Ślimak Świerk "
    "Tuwim Wilga Wrona Zając Ziemba Źródlak Żak Żbik Żuraw"
).split()
STREETS = "Leśna Łąkowa Polna Szkolna Ogrodowa Młyńska Kościelna Słoneczna Lipowa Brzozowa Nadrzeczna Strażacka".split()

# (TERYT, locality, postal code); localities of the county and the city that the centre serves
PLACES = (
    ("0806013", "Dobiegniew", "66-520"),
    ("0806013", "Ługi", "66-520"),
    ("0806023", "Drezdenko", "66-530"),
    ("0806032", "Stare Kurowo", "66-540"),
    ("0806043", "Strzelce Krajeńskie", "66-500"),
    ("0806052", "Zwierzyn", "66-542"),
    ("0861011", "Gorzów Wielkopolski", "66-400"),
)

ORGANISATIONS = (  # every PES type of the Act, at least once
    ("Spółdzielnia Socjalna „Warsztat Smaków”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Zielony Krąg”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Dobra Nuta”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Pogodna”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Mech i Paproć”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Czyste Okna”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Nad Drawą”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Spółdzielnia Socjalna „Trzy Gęsi”", L.COOPERATIVE, P.SPOLDZIELNIA_SOCJALNA),
    ("Warsztat Terapii Zajęciowej „Promyk”", L.ORGANISATIONAL_UNIT, P.WTZ),
    ("Warsztat Terapii Zajęciowej „Kolorowa Pracownia”", L.ORGANISATIONAL_UNIT, P.WTZ),
    ("Zakład Aktywności Zawodowej „Pralnia Błękit”", L.ORGANISATIONAL_UNIT, P.ZAZ),
    ("Centrum Integracji Społecznej „Nowy Próg”", L.ORGANISATIONAL_UNIT, P.CIS),
    ("Centrum Integracji Społecznej „Przystań”", L.ORGANISATIONAL_UNIT, P.CIS),
    ("Klub Integracji Społecznej „Razem”", L.ORGANISATIONAL_UNIT, P.KIS),
    ("Spółdzielnia Pracy „Metalowiec”", L.COOPERATIVE, P.SPOLDZIELNIA_PRACY),
    ("Spółdzielnia Pracy „Igła”", L.COOPERATIVE, P.SPOLDZIELNIA_PRACY),
    ("Spółdzielnia Inwalidów „Równość”", L.COOPERATIVE, P.SPOLDZIELNIA_INWALIDOW),
    ("Spółdzielnia Niewidomych „Dotyk”", L.COOPERATIVE, P.SPOLDZIELNIA_NIEWIDOMYCH),
    ("Rolnicza Spółdzielnia Produkcyjna „Łan”", L.COOPERATIVE, P.SPOLDZIELNIA_PRODUKCJI_ROLNEJ),
    ("Rolnicza Spółdzielnia Produkcyjna „Dolina”", L.COOPERATIVE, P.SPOLDZIELNIA_PRODUKCJI_ROLNEJ),
    ("Fundacja „Dobre Ziarno”", L.FOUNDATION, P.NGO),
    ("Fundacja „Otwarte Okno”", L.FOUNDATION, P.NGO),
    ("Fundacja „Żółta Łódź”", L.FOUNDATION, P.NGO),
    ("Fundacja „Pomost” – Dom i Praca", L.FOUNDATION, P.NGO),
    ("Stowarzyszenie „Sąsiedzi”", L.ASSOCIATION, P.NGO),
    ("Stowarzyszenie „Puszcza i Ludzie”", L.ASSOCIATION, P.NGO),
    ("Stowarzyszenie Rodziców „Skrzydła”", L.ASSOCIATION, P.NGO),
    ("Stowarzyszenie Zwykłe „Ławeczka”", L.SIMPLE_ASSOCIATION, P.NGO),
    ("Związek Stowarzyszeń „Noteć”", L.UNION, P.NGO),
    ("Koło Gospodyń Wiejskich „Borówki”", L.KGW, P.NGO),
    ("Koło Gospodyń Wiejskich „Malwy”", L.KGW, P.NGO),
    ("Koło Gospodyń Wiejskich „Jarzębina”", L.KGW, P.NGO),
    ("Ochotnicza Straż Pożarna „Iskra”", L.OSP, P.NGO),
    ("Ochotnicza Straż Pożarna „Sikawka”", L.OSP, P.NGO),
    ("Dom Gościny przy parafii pw. św. Łucji", L.CHURCH, P.KOSCIELNA_OSOBA_PRAWNA),
    ("Stowarzyszenie Gmin „Pięć Mostów”", L.ASSOCIATION, P.STOWARZYSZENIE_JST),
    ("Stacja Kultury sp. z o.o. non profit", L.LIMITED_COMPANY, P.SPOLKA_NON_PROFIT),
    ("Opieka Bliżej sp. z o.o. non profit", L.LIMITED_COMPANY, P.SPOLKA_NON_PROFIT),
    ("Drugi Obieg sp. z o.o. non profit", L.LIMITED_COMPANY, P.SPOLKA_NON_PROFIT),
    ("Klub Sportowy „Puszczyk” sp. z o.o.", L.LIMITED_COMPANY, P.KLUB_SPORTOWY_SPOLKA),
    ("Fundacja Prowadząca „Wspólny Stół”", L.FOUNDATION, P.CREATING_UNIT),
    ("Gminny Zakład Usług w Borowie", L.PUBLIC, P.LOCAL_GOVERNMENT),
    ("Firma Usługowa „Klon”", L.SOLE_TRADER, P.OTHER),
)

TOPICS = (
    ("Kalkulacja kosztu posiłku", "Policzyliśmy koszt surowców, pracy i dowozu dla trzech jadłospisów."),
    ("Oferta na catering dla gminy", "Omówiliśmy warunki zamówienia i przygotowaliśmy szkic oferty."),
    ("Zamknięcie miesiąca, VAT", "Sprawdziliśmy rejestry i zasady zaliczania wydatków."),
    ("Plan zakupów wyposażenia", "Ustaliliśmy, co jest potrzebne w pierwszym półroczu i skąd będą pieniądze."),
    ("Statut i organ konsultacyjno-doradczy", "Przeszliśmy przez statut i zaznaczyliśmy zapisy do zmiany."),
    ("Pomysł na działalność", "Spisaliśmy, komu i co chcemy sprzedawać oraz co już potrafimy."),
    ("Umowy z pracownikami", "Porównaliśmy rodzaje umów i obowiązki pracodawcy."),
    ("Klauzule społeczne w zamówieniach", "Wybraliśmy ogłoszenia, w których warto złożyć ofertę."),
    ("Rozmowa o mocnych stronach", "Rozmawialiśmy o doświadczeniu, zdrowiu i planach na najbliższy rok."),
    ("Spotkanie z sąsiadami o partnerstwie", "Uczestnicy wskazali trzy sprawy, którymi chcą się zająć razem."),
)
NEEDS = (
    "Gotujemy obiady dla szkół i chcemy zatrudnić jeszcze dwie osoby.",
    "Mamy salę i kuchnię, brakuje nam wiedzy o księgowości i umowach.",
    "Chcemy uzyskać status przedsiębiorstwa społecznego i nie wiemy, od czego zacząć.",
    "Szyję i naprawiam ubrania. Chciałabym założyć z koleżankami spółdzielnię.",
    "Po długiej przerwie szukam pracy, w której ktoś mnie wszystkiego nauczy.",
    "Chcemy startować w przetargach gmin na sprzątanie i zieleń.",
)
