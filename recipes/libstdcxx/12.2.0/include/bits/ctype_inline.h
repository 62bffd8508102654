// Inline parts of std::ctype<char>: none, as there are no locales.
