"""Where the people of the large sample company come from: names, cities and tongues."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A name as it is written, and in the letters of an address."""

    written: str
    plain: str


class Culture(NamedTuple):
    """People of one country: how many of a thousand, their names, cities and way of being called.

    The first city is the largest.
    """

    share: int
    country: str
    language: str
    prefix: str
    digits: int
    first: tuple[Name, ...]
    last: tuple[Name, ...]
    cities: tuple[str, ...]


def _names(text: str) -> tuple[Name, ...]:
    """Names apart by blanks; `Zoë=zoe` where the letters of an address are others."""
    pairs = (one.partition("=") for one in text.split())
    return tuple(Name(written, (plain or written).lower()) for written, _sign, plain in pairs)


def _made(heads: str, tails: str) -> tuple[Name, ...]:
    """Family names of every head with every tail, which are letters of an address."""
    return tuple(
        Name(head + tail, (head + tail).lower()) for head in heads.split() for tail in tails.split()
    )


CULTURES = (
    Culture(
        170, "US", "English", "+1", 10,
        _names("""
            James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
            Aaliyah Tyrone Brooklyn Mason Harper Logan Avery Caleb Destiny Wyatt Naomi Elijah
        """),
        _made("Ander Brad Carl Daw Ed Fer Gar Har Jack Lang Mor Nel Peter Rich Stan Wal Whit Wil",
              "son field ton ford ley man wood lock"),
        ("New York", "Chicago", "Houston", "Denver", "Portland", "Boston", "Tulsa", "Omaha"),
    ),
    Culture(
        110, "DE", "German", "+49", 10,
        _names("""
            Anna Lukas Marie Jonas Jürgen=juergen Sabine Käthe=kaethe Björn=bjoern Ulrike Felix Grit
            Torsten Heike Matthias Franziska Sören=soeren Antje Leonie Moritz Wiebke
        """),
        _made("Acker Berg Brand Dorn Eich Feld Gross Hoff Kirch Lang Linden Neu Ober Rosen Stein "
              "Wald", "mann bauer meier stein berg hofer maier hausen") + _names("Groß=gross"),
        ("Berlin", "München", "Köln", "Lindau", "Leipzig", "Würzburg", "Görlitz", "Emden"),
    ),
    Culture(
        95, "ES", "Spanish", "+34", 9,
        _names("""
            María=maria José=jose Lucía=lucia Javier Begoña=begona Íñigo=inigo Nuria Álvaro=alvaro
            Pilar Gonzalo Rocío=rocio Joaquín=joaquin Montserrat Xoán=xoan Amaia Jordi Carmen Unai
        """),
        _names("""
            García=garcia Martínez=martinez López=lopez Sánchez=sanchez Pérez=perez Gómez=gomez
            Ibáñez=ibanez Núñez=nunez Muñoz=munoz Ortega Serrano Castaño=castano Etxeberria Puig
            Ferrer Carballo Vidal Rueda Cabrera Olmedo Peñalver=penalver Soler Yáñez=yanez Zubiri
        """),
        ("Madrid", "Barcelona", "Sevilla", "Bilbao", "A Coruña", "Cáceres", "Logroño", "Elche"),
    ),
    Culture(
        90, "BR", "Portuguese", "+55", 11,
        _names("""
            João=joao Thiago Lívia=livia Beatriz Caetano Antônia=antonia Davi Heloísa=heloisa Otávio
            Janaína=janaina Raimundo Yasmin Fabrício=fabricio Luana Zélia=zelia Murilo
        """),
        _names("""
            Silva Souza Antunes Moraes Conceição=conceicao Araújo=araujo Guimarães=guimaraes Lacerda
            Brandão=brandao Queiroz Nóbrega=nobrega Sampaio Teixeira Assunção=assuncao Prado Vilela
        """),
        ("São Paulo", "Recife", "Curitiba", "Bento Gonçalves", "Manaus", "Goiânia", "Belém"),
    ),
    Culture(
        85, "IN", "English", "+91", 10,
        _names("""
            Priya Arjun Ananya Rohan Lakshmi Vikram Meera Sanjay Kavita Nikhil Farhan Ayesha
            Gurpreet
            Harini Devansh Ishita Manoj Tanvi Yusuf Zainab
        """),
        _names("""
            Sharma Patel Iyer Reddy Nair Banerjee Khan Singh Kulkarni Mukherjee Pillai Chaudhary
            Deshpande Kaur Menon Rao Saxena Thakur Venkataraman Bhattacharya
        """),
        ("Mumbai", "Bengaluru", "Chennai", "Pune", "Kochi", "Indore", "Surat", "Mysuru"),
    ),
    Culture(
        70, "FR", "French", "+33", 9,
        _names("""
            Élodie=elodie Thomas Camille Zoë=zoe François=francois Noémie=noemie Hugo Anaïs=anais
            Théo=theo Maëlle=maelle Gaël=gael Océane=oceane Loïc=loic Agathe Benoît=benoit
        """),
        _made("Beau Bois Char Dela Fon Gros Lam Mar Mont Per Rou Val",
              "bert court fort lin mont reau ville tier"),
        ("Paris", "Lyon", "Marseille", "Angoulême", "Besançon", "Nîmes", "Saint-Étienne"),
    ),
    Culture(
        60, "JP", "Japanese", "+81", 10,
        _names("""
            美咲=misaki 健=ken 陽菜=hina 蓮=ren 結衣=yui 大翔=hiroto さくら=sakura 翔太=shota
            直美=naomi
            悠真=yuma 七海=nanami 浩=hiroshi 恵子=keiko 拓也=takuya アンナ=anna
        """),
        _names("""
            佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 伊藤=ito 渡辺=watanabe 山本=yamamoto
            中村=nakamura 小林=kobayashi 加藤=kato 吉田=yoshida 斎藤=saito 清水=shimizu 森=mori
            林=hayashi
        """),
        ("東京", "大阪", "金沢", "札幌", "福岡", "仙台", "Yokohama"),
    ),
    Culture(
        60, "CN", "Chinese", "+86", 11,
        _names("""
            伟=wei 芳=fang 秀英=xiuying 敏=min 静=jing 强=qiang 磊=lei 洋=yang 艳=yan 勇=yong 杰=jie
            娟=juan 涛=tao 明=ming 欣怡=xinyi 梓涵=zihan 浩然=haoran 雨桐=yutong
        """),
        _names("""
            王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 黄=huang 赵=zhao 吴=wu 周=zhou 徐=xu
            孙=sun
            欧阳=ouyang 司马=sima 诸葛=zhuge 郭=guo 何=he 高=gao
        """),
        ("上海", "北京", "深圳", "成都", "杭州", "西安", "Suzhou"),
    ),
    Culture(
        50, "GB", "English", "+44", 10,
        _names("""
            Fiona Ewan Olivia Harry Siân=sian Rhys Isla Callum Niamh Oluwaseun Priyanka Alfie Imogen
            Rupert Tamsin Hamish Bronwen Zara
        """),
        _made("Ash Black Brom Clay Cole Dun East Fair Hales Kings Lang North Stan Thorn Wes",
              "ton ley worth ham bury croft well by"),
        ("London", "Glasgow", "Leeds", "Cardiff", "Belfast", "York", "Bath"),
    ),
    Culture(
        50, "NG", "English", "+234", 10,
        _names("""
            Ngozi Chinedu Amina Tunde Folake Emeka Aisha Oluwaseyi Ifeoma Musa Yewande Obinna Halima
            Damilola Uche Kehinde
        """),
        _names("""
            Adeyemi Okafor Balogun Ibrahim Eze Abubakar Ogunleye Nwosu Bello Okonkwo Afolabi Umeh
            Danjuma Oyelaran Achebe Sule
        """),
        ("Lagos", "Abuja", "Ibadan", "Kano", "Port Harcourt", "Enugu"),
    ),
    Culture(
        45, "EG", "Arabic", "+20", 10,
        _names("""
            ليلى=layla محمد=mohamed فاطمة=fatima أحمد=ahmed مريم=mariam يوسف=youssef نور=nour
            خالد=khaled سلمى=salma عمر=omar هدى=huda طارق=tarek
        """),
        _names("""
            الحداد=haddad حسن=hassan إبراهيم=ibrahim منصور=mansour السيد=elsayed فاروق=farouk
            نصار=nassar سليمان=soliman زكي=zaki عبدالله=abdallah رمضان=ramadan الشريف=elsherif
        """),
        ("القاهرة", "الإسكندرية", "الجيزة", "أسوان", "Port Said"),
    ),
    Culture(
        45, "UA", "Ukrainian", "+380", 9,
        _names("""
            Олена=olena Андрій=andrii Оксана=oksana Тарас=taras Ірина=iryna Богдан=bohdan
            Юлія=yuliia
            Сергій=serhii Наталія=nataliia Максим=maksym Ганна=hanna Ярослав=yaroslav
        """),
        _names("""
            Шевченко=shevchenko Коваленко=kovalenko Бондаренко=bondarenko Ткаченко=tkachenko
            Кравчук=kravchuk Мельник=melnyk Поліщук=polishchuk Савчук=savchuk Гриценко=hrytsenko
            Лисенко=lysenko Марченко=marchenko Їжакевич=yizhakevych
        """),
        ("Київ", "Львів", "Одеса", "Харків", "Полтава", "Uzhhorod"),
    ),
    Culture(
        40, "NO", "Norwegian", "+47", 8,
        _names("""
            Sunniva Lars Ingrid Håkon=hakon Åse=ase Øyvind=oyvind Solveig Bjørn=bjorn Astrid Magnus
            Ragnhild Sindre Tuva Eirik Siri
        """),
        _made("Berg Dal Eng Haug Lun Nor Sol Strand Vik", "set land stad nes heim vold")
        + _names("Håland=haland Ødegård=odegard Hansen Sæther=saether"),
        ("Oslo", "Bergen", "Tromsø", "Ålesund", "Bodø"),
    ),
    Culture(
        30, "KR", "Korean", "+82", 10,
        _names("""
            지우=jiwoo 서연=seoyeon 민준=minjun 하은=haeun 도윤=doyun 수아=sua 예준=yejun 지민=jimin
            현우=hyunwoo 유진=yujin
        """),
        _names("""
            김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 한=han 남궁=namgung
        """),
        ("서울", "부산", "인천", "대전", "Jeju"),
    ),
)  # fmt: skip

INDUSTRIES = (
    ("Software", 16), ("Retail", 13), ("Logistics", 11), ("Health", 10), ("Construction", 9),
    ("Food", 8), ("Machinery", 8), ("Education", 6), ("Energy", 5), ("Brewery", 5), ("Textiles", 4),
    ("Shipping", 3), ("Aquaculture", 2),
)  # fmt: skip
#: How companies are called after families: trade, and the form of the firm.
TRADES = (
    "Foods", "Steel", "Media", "Logistics", "Energy", "Textiles", "Robotics", "Health", "Paper",
    "Optics", "Travel", "Gardens", "Marine", "Tools", "Bikes", "Data", "Dairy", "Timber", "Glass",
)  # fmt: skip
FORMS = ("Ltd", "GmbH", "S.A.", "B.V.", "Inc.", "AS", "KK", "Pvt", "S.L.", "Ltda.", "SAS", "LLC")
TITLES = (
    "Head of Operations", "Buyer", "Managing Director", "Engineer", "Assistant", "Plant Manager",
    "Marketing Lead", "Accountant", "Einkaufsleiterin", "Jefe de Laboratorio", "Compras",
    "Directrice technique", "品質保証部 課長", "工場長", "Gerente de Produção", "Quality Lead",
    "Nurse", "Teacher", "Developer", "Innkjøpssjef", "مديرة المشتريات", "Chief Technology Officer",
)  # fmt: skip
SOURCES = ("", "Website", "Referral", "Trade fair", "Cold call", "Partner", "Newsletter")
