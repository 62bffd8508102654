// What the site answers: files, and two addresses that are made by code.
#pragma once

#include <uk/http/server.hpp>
#include <uk/needs.hpp>

class answers {
  public:
    answers(needs::clock& clock, needs::site& site) : clock_{clock}, site_{site} {}
    uk::result<void> operator()(const uk::http::request& request, uk::http::response& response);

  private:
    uk::result<void> hello(const uk::http::request& request, uk::http::response& response);
    uk::result<void> status(uk::http::response& response);

    needs::clock& clock_;
    needs::site& site_;
    unsigned requests_ = 0;
};
