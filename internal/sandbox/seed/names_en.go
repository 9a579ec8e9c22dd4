package seed

func englishFamilies() []name {
	return []name{
		{text: "Smith", latin: "smith"}, {text: "Johnson", latin: "johnson"}, {text: "Brown", latin: "brown"}, {text: "Garcia", latin: "garcia"},
		{text: "Miller", latin: "miller"}, {text: "Nguyễn", latin: "nguyen"}, {text: "Davis", latin: "davis"}, {text: "Wilson", latin: "wilson"},
		{text: "O'Brien", latin: "obrien"}, {text: "Müller", latin: "mueller"}, {text: "Martínez", latin: "martinez"}, {text: "Lee", latin: "lee"},
		{text: "Taylor", latin: "taylor"}, {text: "Smith-Jones", latin: "smith-jones"}, {text: "van der Berg", latin: "vanderberg"}, {text: "Sørensen", latin: "sorensen"},
		{text: "McDonald", latin: "mcdonald"}, {text: "Peña", latin: "pena"}, {text: "Kowalski", latin: "kowalski"}, {text: "Yıldız", latin: "yildiz"},
	}
}

func englishGivens() []name {
	return []name{
		{text: "James", latin: "james"}, {text: "Emily", latin: "emily"}, {text: "Michael", latin: "michael"}, {text: "Sarah", latin: "sarah"},
		{text: "David", latin: "david"}, {text: "Anna", latin: "anna"}, {text: "Daniel", latin: "daniel"}, {text: "Zoë", latin: "zoe"},
		{text: "José", latin: "jose"}, {text: "Renée", latin: "renee"}, {text: "Kevin", latin: "kevin"}, {text: "Grace", latin: "grace"},
		{text: "Minh", latin: "minh"}, {text: "Søren", latin: "soren"}, {text: "Mary Ann", latin: "maryann"}, {text: "Jean-Luc", latin: "jean-luc"},
		{text: "Priya", latin: "priya"}, {text: "İpek", latin: "ipek"}, {text: "Liam", latin: "liam"}, {text: "Olivia", latin: "olivia"},
	}
}
