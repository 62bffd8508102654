// Sequences as facts need them: mostly empty, or of one element. An empty one is a pointer; one element needs no memory of
// its own. Otherwise they are vectors.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace uk::resolver::facts {

/// A vector that is mostly empty.
template <class T>
class rare {
  public:
    using value_type = T;
    rare() = default;
    rare(std::vector<T> all) {
        if (!all.empty()) all_ = std::make_unique<std::vector<T>>(std::move(all));
    }
    rare(const rare& other) : all_{other.all_ ? std::make_unique<std::vector<T>>(*other.all_) : nullptr} {}
    rare(rare&&) noexcept = default;
    rare& operator=(rare other) noexcept {
        all_ = std::move(other.all_);
        return *this;
    }
    ~rare() = default;

    bool empty() const { return !all_; }
    std::size_t size() const { return all_ ? all_->size() : 0; }
    T* begin() { return all_ ? all_->data() : nullptr; }
    T* end() { return begin() + size(); }
    const T* begin() const { return all_ ? all_->data() : nullptr; }
    const T* end() const { return begin() + size(); }
    const T& front() const { return all_->front(); }
    const T& operator[](std::size_t i) const { return (*all_)[i]; }

    void clear() { all_.reset(); }
    void push_back(T one) { vector().push_back(std::move(one)); }
    template <class... Arguments>
    T& emplace_back(Arguments&&... arguments) {
        return vector().emplace_back(std::forward<Arguments>(arguments)...);
    }
    template <class Test>
    void erase_if(Test test) {
        if (!all_) return;
        std::erase_if(*all_, test);
        if (all_->empty()) clear();
    }

  private:
    std::vector<T>& vector() {
        if (!all_) all_ = std::make_unique<std::vector<T>>();
        return *all_;
    }

    std::unique_ptr<std::vector<T>> all_; ///< null: empty
};

/// A vector that mostly has one element; it is never empty.
template <class T>
class few {
  public:
    few() = default; ///< one, as T is made
    few(std::vector<T> all) {
        if (all.size() == 1) one_ = std::move(all.front());
        else many_ = rare<T>{std::move(all)};
    }
    few(std::initializer_list<T> all) : few{std::vector<T>{all}} {}

    std::size_t size() const { return many_.empty() ? 1 : many_.size(); }
    T* begin() { return many_.empty() ? &one_ : many_.begin(); }
    T* end() { return begin() + size(); }
    const T* begin() const { return many_.empty() ? &one_ : many_.begin(); }
    const T* end() const { return begin() + size(); }
    T& front() { return *begin(); }
    const T& front() const { return *begin(); }
    const T& back() const { return end()[-1]; }
    const T& operator[](std::size_t i) const { return begin()[i]; }

  private:
    T one_{};
    rare<T> many_; ///< empty: the one
};

} // namespace uk::resolver::facts
